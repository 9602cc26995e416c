export const RolesPage = () => null
