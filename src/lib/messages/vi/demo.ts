/** Worn by every page that runs on the seeded demo ward. */
export const demo = {
  band: 'DỮ LIỆU MẪU',
  explanation: 'Mọi người và mọi hồ sơ ở đây đều là bịa ra để dùng thử.',
};
