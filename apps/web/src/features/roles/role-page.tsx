export const RolePage = () => null
