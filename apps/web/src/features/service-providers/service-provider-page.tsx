export const ServiceProviderPage = () => null
