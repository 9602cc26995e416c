export const ServiceProvidersPage = () => null
