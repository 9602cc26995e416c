export const ReviewsPage = () => null
