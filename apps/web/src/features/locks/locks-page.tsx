export const LocksPage = () => null
