/** Signing in to the office, and the first password. */
export const entry = {
  signIn: {
    title: 'Cán bộ đăng nhập',
    text: 'Dành cho cán bộ làm việc trên máy tính của đơn vị.',
    login: 'Tên đăng nhập',
    password: 'Mật khẩu',
    submit: 'Đăng nhập',
    forgot: 'Quên mật khẩu? Người quản trị của đơn vị đặt lại giúp anh/chị.',
    helperTitle: 'Anh/chị là thành viên tổ?',
    helperText: 'Thành viên tổ không cần mật khẩu, chỉ cần mã mời của tổ trưởng.',
    helperAction: 'Nhận máy bằng mã mời',
    signedOut: 'Anh/chị đã đăng xuất.',
    sessionOver: 'Phiên làm việc đã hết. Anh/chị đăng nhập lại nhé.',
    problems: {
      missing: 'Anh/chị ghi cả tên đăng nhập và mật khẩu.',
      wrong: 'Tên đăng nhập hoặc mật khẩu chưa đúng.',
      too_many_tries: (minutes: number) => `Đã thử nhiều lần. Anh/chị đợi ${minutes} phút rồi thử lại.`,
    },
  },
  firstPassword: {
    title: 'Đặt mật khẩu của riêng mình',
    text: 'Mật khẩu được cấp chỉ dùng cho lần đầu. Từ nay chỉ mình anh/chị biết mật khẩu mới.',
    password: 'Mật khẩu mới',
    hint: 'Ít nhất 8 chữ. Một câu dài dễ nhớ thì tốt hơn.',
    again: 'Gõ lại mật khẩu mới',
    submit: 'Lưu mật khẩu và vào làm việc',
    signOut: 'Đăng xuất',
    problems: {
      too_short: 'Mật khẩu cần ít nhất 8 chữ.',
      too_long: 'Mật khẩu dài nhất là 128 chữ.',
      common: 'Mật khẩu này nhiều người đoán được. Anh/chị chọn câu khác.',
      same_as_before: 'Đây là mật khẩu được cấp. Anh/chị chọn mật khẩu khác.',
      not_repeated: 'Hai lần gõ khác nhau. Anh/chị gõ lại nhé.',
    },
  },
};
