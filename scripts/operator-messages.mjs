/**
 * What the person at the ward's computer reads in the terminal. Plain JavaScript without dependencies,
 * because the first of these lines are needed before anything is installed.
 */

export const oldNode = (/** @type {string} */ version) =>
  `Máy đang dùng Node.js ${version}. Chương trình cần Node.js 20.19 trở lên.
Tải bản mới tại nodejs.org, cài xong thì mở lại cửa sổ lệnh và chạy lại.`;

export const steps = {
  installing: 'Đang cài các gói cần dùng (lần đầu mất vài phút)…',
  building: 'Đang dựng chương trình (khoảng nửa phút)…',
  startingDatabase: 'Đang mở cơ sở dữ liệu…',
  seeding: 'Đang tạo phường mẫu để dùng thử…',
  stopping: '\nĐang dừng, chờ các việc dở ghi xong…',
  stopped: 'Đã dừng. Dữ liệu còn nguyên.',
};

export const installFailed = `Không cài được các gói. Thường là do máy chưa có mạng hoặc ổ đĩa đã đầy.
Xem dòng lỗi ở trên, sửa rồi chạy lại; những gì đã cài không bị hỏng.`;

export const buildFailed = 'Không dựng được chương trình. Xem dòng lỗi ở trên; bản đang có chưa bị thay.';

/** @type {Record<string, (given: string) => string>} */
export const settingsErrors = {
  port_invalid: (given) => `PORT phải là một số từ 0 đến 65535, nhưng đang là "${given}".`,
  host_invalid: (given) =>
    `HOST phải là tên máy hoặc địa chỉ IP, không có http:// và không có cổng; đang là "${given}".`,
  origin_invalid: (given) =>
    `ORIGIN phải viết như https://ward.lan (nhiều địa chỉ thì cách nhau bằng dấu phẩy); sai ở "${given}".`,
  public_origin_invalid: (given) => `PUBLIC_ORIGIN phải viết như https://ward.lan; đang là "${given}".`,
  public_origin_not_listed: (given) =>
    `PUBLIC_ORIGIN là "${given}" nhưng ORIGIN không có địa chỉ ấy. Thêm nó vào ORIGIN.`,
  trusted_proxy_invalid: (given) =>
    `TRUSTED_PROXY phải là địa chỉ IP của máy chủ trung gian (nhiều địa chỉ thì cách nhau bằng dấu phẩy); sai ở "${given}".`,
  tls_incomplete: (given) => `Thiếu ${given}. TLS_CERT và TLS_KEY phải có đủ cả hai.`,
  tls_unreadable: (given) => `Không đọc được tệp "${given}". Xem lại đường dẫn và quyền đọc của tệp.`,
  database_url_invalid: () => 'DATABASE_URL phải viết như postgres://nguoi:matkhau@may/ten_co_so_du_lieu.',
  seed_invalid: (given) => `SEED chỉ nhận demo hoặc none; đang là "${given}".`,
  demo_public_invalid: (given) => `DEMO_PUBLIC chỉ nhận 1 hoặc 0; đang là "${given}".`,
  log_level_invalid: (given) =>
    `LOG_LEVEL chỉ nhận debug, info, warn, error hoặc silent; đang là "${given}".`,
  demo_exposed: () =>
    `Tài khoản mẫu ai cũng vào được, nên không mở cho máy khác.
  Dùng thật thì đặt SEED=none. Muốn trình diễn qua mạng thì đặt thêm DEMO_PUBLIC=1.`,
};

export const settingsHeading = 'Chưa chạy được vì cài đặt chưa đúng:';
export const settingsFooting =
  'Các cài đặt nằm trong tệp .env hoặc biến môi trường; tệp .env.example giải thích từng cái.';

/** @type {Record<string, (detail: string) => string>} */
export const databaseErrors = {
  no_binaries: (detail) => `Không có PostgreSQL đi kèm cho máy này (${detail}).
Hãy trỏ DATABASE_URL đến một PostgreSQL 15 trở lên. Trên Windows có thể chạy trong WSL.`,
  foreign_data: (detail) => `Dữ liệu ở ${detail} thuộc về tài khoản khác trên máy.
Chạy bằng đúng tài khoản đã tạo ra nó, hoặc đặt DATA_DIR sang thư mục khác.`,
  no_account: (
    detail,
  ) => `PostgreSQL không chạy bằng quyền root, và không có tài khoản thường nào vào được ${detail}.
Chạy bằng tài khoản thường, hoặc chuyển thư mục ra nơi tài khoản khác đọc được.`,
  orphan_lives: (detail) =>
    `Máy chủ PostgreSQL lần trước ở ${detail} không chịu dừng. Khởi động lại máy rồi thử lại.`,
  init_failed: (detail) => `Không tạo được cơ sở dữ liệu:\n${detail}`,
  start_failed: (detail) => `PostgreSQL không khởi động được. Lý do nằm ở cuối tệp ${detail}`,
  already_running: (
    pid,
  ) => `Chương trình đang chạy rồi (tiến trình số ${pid}). Không mở hai lần trên cùng một dữ liệu.
Mở trình duyệt vào địa chỉ của lần chạy ấy, hoặc dừng nó bằng Ctrl-C rồi chạy lại.`,
  unreachable: () => 'Không nối được tới PostgreSQL ở DATABASE_URL. Xem lại địa chỉ, mật khẩu và đường mạng.',
  bad_files: (detail) => `Thư mục migrations có tệp không đúng thứ tự: ${detail}`,
  changed_file: (detail) =>
    `Tệp migrations/${detail} đã bị sửa sau khi chạy. Lấy lại đúng tệp cũ; muốn đổi thì thêm tệp mới.`,
  failed: (detail) => `Nâng cấp cơ sở dữ liệu không thành, dữ liệu giữ như trước: ${detail}`,
  newer_database: (detail) =>
    `Cơ sở dữ liệu mới hơn chương trình này (${detail}). Hãy dùng bản chương trình mới hơn.`,
  old_server: (detail) => `PostgreSQL này quá cũ (${detail}); cần bản 15 trở lên.`,
  lost: (detail) =>
    `PostgreSQL đã ngừng mà không ai bảo (${detail}). Xem log/postgres.log trong thư mục dữ liệu, rồi chạy lại.`,
  register: (detail) => `Chưa ghi được sổ thu hồi register.json (${detail}); sẽ thử lại.`,
  keys_missing: (place) => `Thiếu khoá trong ${place}, mà cơ sở dữ liệu đã có thông tin khoá lại bằng khoá ấy.
Chép các tệp khoá đã cất (bản chép bằng --keys) vào đúng thư mục này rồi chạy lại.
Không tạo khoá mới: khoá mới không mở được thông tin cũ. Dữ liệu chưa bị động đến.
(Keys are missing: copy your saved key files back into this directory and start again. Nothing was changed.)`,
  demo_rows: () => `Cơ sở dữ liệu này có phường mẫu, mà SEED không phải demo. Tài khoản mẫu ai cũng vào được.
Dùng thật thì chọn thư mục dữ liệu khác bằng DATA_DIR; dùng thử thì đặt SEED=demo.`,
};

/** @type {Record<string, (given: string) => string>} */
export const listenErrors = {
  port_taken: (port) => `Cổng ${port} đang có chương trình khác dùng. Chọn cổng khác, ví dụ PORT=3001.`,
  port_forbidden: (port) => `Tài khoản này không được mở cổng ${port}. Chọn cổng từ 1024 trở lên.`,
  address_unknown: () => 'HOST không phải là địa chỉ của máy này.',
  other: (code) => `Không mở được cổng (${code}).`,
};

export const ready = {
  title: 'Xung Kích Số đang chạy.',
  here: (/** @type {string} */ url) => `  Trên máy này:      ${url}`,
  phone: (/** @type {string} */ url) => `  Trên điện thoại:   ${url}   (dùng được cả khi mất mạng)`,
  phoneWeak: (/** @type {string} */ url) =>
    `  Điện thoại mở được nhưng mất mạng là không dùng được: ${url}   (chưa có https)`,
  phoneNone: `  Điện thoại chưa vào được: chương trình chỉ mở cho máy này.
    Muốn mở: chạy "npm run cert -- ward.lan" rồi làm theo hướng dẫn hiện ra.`,
  data: (/** @type {string} */ place) => `  Dữ liệu ở:         ${place}`,
  demo: (/** @type {string} */ url) => `  Dùng thử:          mở ${url} và bấm chọn một vai (DỮ LIỆU MẪU)`,
  empty: '  Chưa có ai:        chạy "npm run admin" để tạo người quản trị đầu tiên',
  stop: '  Dừng:              bấm Ctrl-C',
};

export const certificateWords = {
  usage: `Cách dùng: npm run cert -- ward.lan
Viết tên (chữ thường không dấu) hoặc địa chỉ IPv4 mà điện thoại sẽ mở; có thể viết nhiều tên.`,
  notCovered: (/** @type {string} */ name) =>
    `Chứng thư gốc đang có không bảo chứng được cho "${name}".
Thêm --new-ca để làm chứng thư gốc mới; khi ấy từng điện thoại phải cài lại chứng thư gốc.`,
  /** @param {{ names: string, until: string, authority: string, fingerprint: string, reused: boolean, env: string[] }} facts */
  made: (facts) => `Đã làm chứng thư cho: ${facts.names}
Dùng được đến ${facts.until}. Trước ngày ấy chạy lại đúng lệnh này; điện thoại không phải làm gì thêm.

1. Ghi vào tệp .env rồi chạy lại npm start:
${facts.env.map((line) => `   ${line}`).join('\n')}

2. ${facts.reused ? 'Chứng thư gốc giữ như cũ: điện thoại đã cài rồi thì không cần cài lại.' : 'Cài chứng thư gốc vào từng điện thoại và máy tính (một lần).'}
   Tệp: ${facts.authority}   (gửi tệp này được; không bao giờ gửi các tệp .key)
   Dấu vân tay SHA-256, đối chiếu khi cài:
   ${facts.fingerprint}

   Android: chép tệp vào máy → Cài đặt → tìm "chứng chỉ CA" → Cài đặt chứng chỉ → Chứng chỉ CA → chọn tệp.
   iPhone:  mở tệp bằng Safari hoặc Tệp → Cài đặt → Đã tải về hồ sơ → Cài đặt; rồi
            Cài đặt chung → Giới thiệu → Cài đặt tin cậy chứng nhận → bật tên "Xung Kich So".
   Windows: bấm đúp vào tệp → Cài chứng chỉ → Người dùng hiện tại → Trusted Root Certification Authorities.
   Firefox: Cài đặt → Quyền riêng tư & bảo mật → Xem chứng nhận → Nhập.

3. Điện thoại phải tìm thấy tên ấy trong mạng: đặt tên trong bộ phát wifi (DNS/DHCP), hoặc dùng thẳng địa chỉ IP.

Chứng thư gốc này chỉ bảo chứng được cho các tên đuôi .lan, .local, .internal, các tên đã ghi ở lần đầu và địa chỉ mạng nội bộ.`,
};

export const adminWords = {
  heading: 'Tạo đơn vị và người quản trị đầu tiên. Bấm Ctrl-C để thôi.',
  word: 'Loại đơn vị (phường, xã hoặc đặc khu): ',
  wardName: 'Tên đơn vị (không kèm chữ phường, xã): ',
  province: 'Tỉnh hoặc thành phố: ',
  wardId: 'Mã ngắn của đơn vị (chữ thường không dấu, số, gạch nối; ví dụ phuong-an-binh): ',
  person: 'Họ tên người quản trị: ',
  login: 'Tên đăng nhập: ',
  again: 'Chưa hợp lệ, xin nhập lại.',
  unfinished: 'Chưa nhập đủ nên chưa tạo gì.',
  made: (/** @type {string} */ login, /** @type {string} */ password) => `
Đã tạo xong.
  Tên đăng nhập:      ${login}
  Mật khẩu lần đầu:   ${password}
Mật khẩu này chỉ hiện một lần ở đây, và phải đổi ngay khi đăng nhập.`,
};

/** @type {Record<string, () => string>} */
export const adminErrors = {
  ward_exists: () =>
    'Mã đơn vị ấy đã có. Người quản trị mới thì do người quản trị đang có thêm vào, trong mục Con người.',
  login_invalid: () => 'Tên đăng nhập chỉ gồm chữ không dấu, số, dấu chấm, gạch nối.',
  login_taken: () => 'Tên đăng nhập ấy đã có người dùng.',
};

export const backupWords = {
  twice: 'Vừa có một bản sao lưu trong cùng giây này. Đợi một chút rồi chạy lại.',
  keysTogether:
    'Không để khoá chung chỗ với bản sao lưu: ai lấy được cả hai là đọc được hết. Chọn nơi khác cho --keys.',
  /** @param {{ directory: string, rows: number, keys: string | null, ownKeys: string }} facts */
  made: ({ directory, rows, keys, ownKeys }) => `Đã sao lưu ${rows} dòng vào ${directory}
Chép thư mục này sang ổ khác hoặc máy khác: ổ này hỏng thì bản sao ở đây cũng mất.
${
  keys === null
    ? `Khoá giải mã KHÔNG nằm trong bản sao. Chép riêng ${ownKeys} sang nơi cất khác (hoặc chạy lại với --keys THƯ_MỤC).
Mất khoá thì thông tin cá nhân trong bản sao không ai đọc lại được.`
    : `Khoá giải mã đã chép sang ${keys}. Cất nơi khác với bản sao.`
}`,
};

export const restoreWords = {
  yes: 'đồng ý',
  usage: `Cách dùng: npm run restore -- THƯ_MỤC_BẢN_SAO [--keys THƯ_MỤC_KHOÁ] [--yes]
Dừng chương trình trước khi phục hồi.`,
  question: (/** @type {string} */ directory) => `Thay TOÀN BỘ dữ liệu đang có bằng bản sao ở ${directory}.
Mọi người phải đăng nhập lại; điện thoại tự gửi lại những gì bản sao chưa có.
Gõ "đồng ý" để làm: `,
  left: 'Chưa làm gì; dữ liệu giữ nguyên.',
  keysThere: (/** @type {string} */ place) =>
    `${place} đã có khoá. Không ghi đè khoá đang có: chuyển chúng đi chỗ khác trước.`,
  done: (/** @type {{ madeAt: string, rows: number }} */ facts) =>
    `Đã phục hồi ${facts.rows} dòng của bản sao lúc ${facts.madeAt}. Chạy npm start để mở lại.`,
};

/** @type {Record<string, (detail: string) => string>} */
export const restoreErrors = {
  no_backup: (place) =>
    `${place} không phải là một bản sao lưu trọn vẹn (thiếu hoặc hỏng manifest.json). Dữ liệu giữ nguyên.`,
  foreign_schema: () =>
    'Bản sao này thuộc bản chương trình khác. Dùng đúng bản chương trình ấy hoặc bản mới hơn. Dữ liệu giữ nguyên.',
  bad_files: (detail) => `Thư mục migrations có tệp không đúng thứ tự: ${detail}. Dữ liệu giữ nguyên.`,
  damaged: (detail) => `Bản sao bị hỏng hoặc bị sửa (${detail}). Dữ liệu giữ nguyên; hãy dùng bản sao khác.`,
};
