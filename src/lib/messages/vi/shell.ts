/** The frame around every screen: name, tabs, language. */
export const shell = {
  appName: 'Xung Kích Số',
  tagline: 'Cùng bà con làm thủ tục trên mạng',
  mainNavigation: 'Các mục chính',
  skipToContent: 'Tới nội dung chính',
  notices: 'Thông báo chung',
  back: 'Quay lại',
  menu: 'Mở các mục',
  tabs: {
    today: 'Hôm nay',
    filings: 'Hồ sơ',
    tasks: 'Việc',
    learn: 'Học',
    more: 'Thêm',
  },
  language: 'Ngôn ngữ',
  languageNames: { vi: 'Tiếng Việt', en: 'English' },
  theme: 'Nền màn hình',
  themeNames: { auto: 'Theo máy', light: 'Sáng', dark: 'Tối', sun: 'Ngoài nắng' },
  textSize: 'Cỡ chữ',
  textSizeNames: { normal: 'Vừa', large: 'To', huge: 'Rất to' },
  batterySaver: 'Tiết kiệm pin',
};
