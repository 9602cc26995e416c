export const NewRolePage = () => null
export const EditRolePage = () => null
