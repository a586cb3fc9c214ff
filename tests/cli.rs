//! The real binary: what it says, how it ends, and that nothing is half-written.

// A test says what it expects.
#![allow(clippy::expect_used)]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// A folder of its own for each test, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("pufa-cli-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The names of the files in it.
    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.0)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The binary in the folder, with nothing of this process's own settings.
fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pufa"));
    command.args(arguments).current_dir(&folder.0).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PUFA_") || name.starts_with("LC_")) {
        command.env_remove(name);
    }
    command.env("LANG", "en_GB.UTF-8").env_remove("RUST_LOG");
    command
}

fn pufa(folder: &Folder, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the binary runs")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Asserts that it failed with one line on stderr and nothing on stdout; that line.
fn refused(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "it should have failed: {}", out(output));
    assert!(said.starts_with("pufa: ") && said.lines().count() == 1, "one clear line, not: {said}");
    assert_eq!(out(output), "");
    said
}

fn succeeded(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    out(&output)
}

/// A server on a free port; killed when the test ends.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &Folder, arguments: &[&str]) -> Server {
        let mut all = vec!["serve", "--listen", "127.0.0.1:0"];
        all.extend(arguments);
        let mut child =
            command(folder, &all).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.trim().rsplit("://").next().expect("an address").to_owned();
        assert!(line.starts_with("Pufa serves http"), "{line}");
        Server { child, address }
    }

    /// Sends a request and answers status line, headers and body.
    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        stream.write_all(request.replace('\n', "\r\n").as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\nHost: {}\nConnection: close\n\n", self.address))
    }

    fn post(&self, path: &str, form: &str) -> String {
        self.ask(&format!(
            "POST {path} HTTP/1.1\nHost: {}\nConnection: close\nContent-Type: application/x-www-form-urlencoded\n\
             Content-Length: {}\n\n{form}",
            self.address,
            form.len()
        ))
    }

    fn set_up(&self) {
        let form = "unit_code=500113108&unit_name=T&name=admin&display_name=A&password=long+enough&again=long+enough";
        let answer = self.post("/setup", form);
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A database with the administrator `admin` in the town 500113108.
fn set_up(folder: &Folder) {
    Server::start(folder, &[]).set_up();
}

fn add_user(folder: &Folder, name: &str, unit: &str, password: &str) -> Output {
    let mut child = command(folder, &["user", "add", name, "--role", "cadre", "--unit", unit])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child.stdin.take().expect("its input").write_all(format!("{password}\n").as_bytes()).expect("a password");
    child.wait_with_output().expect("it ends")
}

#[test]
fn errors_are_one_line_and_leave_nothing_behind() {
    let folder = Folder::new();
    assert!(refused(&pufa(&folder, &[])).contains("--help"));
    assert!(refused(&pufa(&folder, &["frobnicate"])).contains("frobnicate"));
    assert!(refused(&pufa(&folder, &["report", "annual", "--unit", "1"])).contains("--year"));
    assert!(refused(&pufa(&folder, &["report", "annual", "--unit", "1", "--year", "x"])).contains("--year"));
    assert!(refused(&pufa(&folder, &["user", "add", "a", "--role", "king", "--unit", "1"])).contains("officer"));
    assert!(refused(&pufa(&folder, &["import", "ledger", "x.xlsx", "--unit", "1"])).contains("x.xlsx"));
    assert!(refused(&pufa(&folder, &["serve", "--listen", "nowhere"])).contains("nowhere"));
    assert!(refused(&pufa(&folder, &["serve", "--listen", "0.0.0.0:0"])).contains("--insecure-http"));
    assert!(refused(&pufa(&folder, &["serve", "--tls-cert", "x.pem"])).contains("--tls-key"));
    assert!(
        refused(&pufa(&folder, &["token", "create", "--user", "x", "--database-url", "mysql://x"])).contains("mysql")
    );
    assert!(refused(&pufa(&folder, &["backup", "x.bak"])).contains("no database"));
    assert_eq!(folder.files(), Vec::<String>::new());
    assert!(succeeded(pufa(&folder, &["--help"])).contains("serve"));
}

#[test]
fn options_come_from_the_command_line_the_environment_and_a_file() {
    let folder = Folder::new();
    fs::write(folder.path("pufa.toml"), "database_url = \"sqlite:from-file.db\"\n").expect("a file");
    refused(&pufa(&folder, &["token", "create", "--user", "nobody"]));
    assert!(folder.path("from-file.db").exists());
    let by_environment =
        command(&folder, &["token", "create", "--user", "x"]).env("PUFA_DATABASE_URL", "sqlite:from-env.db").output();
    refused(&by_environment.expect("the binary runs"));
    assert!(folder.path("from-env.db").exists());
    let by_hand = command(&folder, &["token", "create", "--user", "x", "--database-url", "sqlite:by-hand.db"])
        .env("PUFA_DATABASE_URL", "sqlite:from-env-2.db")
        .output();
    refused(&by_hand.expect("the binary runs"));
    assert!(folder.path("by-hand.db").exists() && !folder.path("from-env-2.db").exists());
    fs::write(folder.path("pufa.toml"), "databse_url = \"x\"\n").expect("a file");
    assert!(refused(&pufa(&folder, &["check"])).contains("databse_url"));
}

#[test]
fn an_account_and_its_token_reach_a_running_server_at_once() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    server.set_up();
    assert!(refused(&add_user(&folder, "sun", "999", "long enough")).contains("999"));
    assert!(refused(&add_user(&folder, "sun", "500113108", "short")).contains("8 characters"));
    assert!(refused(&pufa(&folder, &["token", "create", "--user", "sun"])).contains("sun"), "nothing was stored");
    succeeded(add_user(&folder, "Sun", "500113108", "long enough"));
    assert!(refused(&add_user(&folder, "sun", "500113108", "long enough")).contains("sun"));
    let token = succeeded(pufa(&folder, &["token", "create", "--user", "sun", "--name", "script"]));
    assert_eq!(token.lines().count(), 1, "the token and nothing else: {token}");
    let request = format!("GET /me HTTP/1.1\nHost: x\nConnection: close\nAuthorization: Bearer {}\n\n", token.trim());
    assert!(server.ask(&request).starts_with("HTTP/1.1 200"));
    assert!(server.post("/login", "name=sun&password=long+enough").contains("set-cookie: pufa="));
}

#[test]
fn the_demo_is_built_once_and_its_report_is_the_seeds_sentence() {
    let folder = Folder::new();
    let told = succeeded(pufa(&folder, &["demo"]));
    assert!(told.contains("officer"), "{told}");
    assert!(refused(&pufa(&folder, &["demo"])).contains("empty"));
    let report = ["report", "annual", "--unit", "500113108", "--year", "2021", "--style", "official"];
    let sentence = "2021年，圣灯山镇开展扫黑除恶专项斗争、禁毒、安全、校园暴力等法治宣传进村（社区）、进学校活动共10次，悬挂宣传横幅150余条，\
                    进村宣传100余次，利用镇LED电屏幕以及广播播放法律知识多达上百次，发放宣传资料7000份以上。";
    assert!(succeeded(pufa(&folder, &report)).contains(sentence));
    assert!(refused(&pufa(&folder, &["report", "annual", "--unit", "1", "--year", "2021"])).contains("no such unit"));
    for format in ["docx", "xlsx"] {
        let as_file = [&report[..], &["--format", format]].concat();
        assert!(refused(&pufa(&folder, &as_file)).contains("--out"), "{format} is no text");
        succeeded(pufa(&folder, &[&as_file[..], &["--out", "report.file"]].concat()));
        let file = fs::read(folder.path("report.file")).expect("the file");
        assert!(file.starts_with(b"PK") && file.len() > 4_000, "{format}: {} bytes", file.len());
    }
    let before = succeeded(pufa(&folder, &["check"]));
    assert!(succeeded(pufa(&folder, &["generate", "--activities", "200", "--seed", "3"])).contains("200"));
    assert!(refused(&pufa(&folder, &["generate", "--activities", "1", "--units", "no"])).contains("no"));
    assert_ne!(succeeded(pufa(&folder, &["check"])), before);
    succeeded(pufa(&folder, &["backup", "year.bak"]));
    succeeded(pufa(&folder, &["restore", "year.bak", "--data-dir", "elsewhere"]));
    assert!(succeeded(pufa(&folder, &["check", "--data-dir", "elsewhere"])).contains("whole"));
    assert!(succeeded(pufa(&folder, &[&report[..], &["--data-dir", "elsewhere"]].concat())).contains("圣灯山镇"));
}

#[test]
fn a_list_of_units_goes_in_whole_or_not_at_all() {
    let folder = Folder::new();
    let list = "code,name,parent_code\n500113108,圣灯山镇,\n500113108203,天坪村村民委员会,500113108\n";
    fs::write(folder.path("units.csv"), list).expect("a file");
    fs::write(folder.path("wrong.csv"), format!("{list}5001,odd,500113108\n")).expect("a file");
    assert!(refused(&pufa(&folder, &["import", "units", "missing.csv"])).contains("missing.csv"));
    assert!(refused(&pufa(&folder, &["import", "units", "wrong.csv"])).contains("ine 4"));
    refused(&add_user(&folder, "sun", "500113108203", "long enough"));
    assert!(succeeded(pufa(&folder, &["import", "units", "units.csv"])).contains("2 added"));
    succeeded(add_user(&folder, "sun", "500113108203", "long enough"));
    assert!(succeeded(pufa(&folder, &["import", "units", "units.csv"])).contains("2 unchanged"));
}

#[test]
fn a_ledger_goes_in_but_for_what_is_wrong_and_a_running_server_shows_it_at_once() {
    let folder = Folder::new();
    let units = "code,name,parent_code\n500113108,T,\n500113108202,两河村村民委员会,500113108\n";
    fs::write(folder.path("units.csv"), units).expect("a file");
    let ledger = "日期,单位,横幅,宣传资料,讲座\n2021.12.4,两河村,2,150余,0\n2021.12.5,两河村,,约200,\n\
                  2021.12.6,火星村,1,,\n2021.13.1,两河村,1,,\n2021.12.7,两河村,若干,,\n";
    fs::write(folder.path("ledger.csv"), ledger).expect("a file");
    fs::write(folder.path("letter.pdf"), "%PDF-1.7").expect("a file");
    let import =
        |file: &str, more: &[&str]| pufa(&folder, &[&["import", "ledger", file, "--unit", "500113108"], more].concat());
    let server = Server::start(&folder, &[]);
    server.set_up();
    succeeded(pufa(&folder, &["import", "units", "units.csv"]));
    assert!(refused(&import("missing.xlsx", &[])).contains("missing.xlsx"));
    assert!(refused(&import("letter.pdf", &[])).contains("PDF"));
    assert!(refused(&pufa(&folder, &["import", "ledger", "ledger.csv", "--unit", "1"])).contains('1'));
    let token = succeeded(pufa(&folder, &["token", "create", "--user", "admin"]));
    let entries = || {
        let address = &server.address;
        let header = format!("Authorization: Bearer {}", token.trim());
        let answer = server.ask(&format!(
            "GET /api/v1/activities?unit=500113108 HTTP/1.1\nHost: {address}\nConnection: close\n{header}\n\n"
        ));
        answer.matches("\"version\"").count()
    };
    for (more, already, stored) in [(&["--dry-run"][..], false, 0), (&[], false, 2), (&[], true, 2)] {
        let told = succeeded(import("ledger.csv", more));
        let lines: Vec<&str> = told.lines().collect();
        let accepted = if already { 0 } else { 2 };
        assert_eq!(lines.last().copied(), Some(format!("{accepted} accepted, 3 refused").as_str()), "{told}");
        for cell in ["ledger!B4: ", "ledger!A5: ", "ledger!C6: "] {
            assert!(lines.iter().any(|line| line.starts_with(cell)), "{cell} {told}");
        }
        assert_eq!(told.contains("2 rows were there already"), already, "{told}");
        assert_eq!(entries(), stored, "{more:?}");
    }
    assert!(succeeded(pufa(&folder, &["check"])).contains("whole"));
}

#[test]
fn a_server_answers_for_its_health_and_stops_when_told() {
    let folder = Folder::new();
    let mut server = Server::start(&folder, &[]);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(server.get("/metrics").contains("pufa_http_requests_total"));
    // Somebody who keeps the connection open does not keep the server from stopping.
    let idle = TcpStream::connect(&server.address).expect("the server listens");
    let told = Instant::now();
    let signal = Command::new("sh").args(["-c", &format!("kill -TERM {}", server.child.id())]).status();
    assert!(signal.expect("a shell").success());
    let status = loop {
        if let Some(status) = server.child.try_wait().expect("a child") {
            break status;
        }
        assert!(told.elapsed() < Duration::from_secs(10), "SIGTERM stops within 10 seconds");
        std::thread::sleep(Duration::from_millis(50));
    };
    drop(idle);
    assert!(status.success(), "{status}");
    assert!(!folder.path("data/pufa.db-wal").exists(), "the database was closed");
}

#[test]
fn a_server_that_is_told_to_stop_ends_the_streams_to_open_dashboards() {
    let folder = Folder::new();
    let mut server = Server::start(&folder, &[]);
    server.set_up();
    let token = succeeded(pufa(&folder, &["token", "create", "--user", "admin"]));
    let mut stream = TcpStream::connect(&server.address).expect("the server listens");
    let request = format!("GET /live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", token.trim());
    stream.write_all(request.as_bytes()).expect("a request");
    let mut head = [0; 12];
    stream.read_exact(&mut head).expect("an answer that does not end");
    assert_eq!(&head, b"HTTP/1.1 200");
    let told = Instant::now();
    let signal = Command::new("sh").args(["-c", &format!("kill -TERM {}", server.child.id())]).status();
    assert!(signal.expect("a shell").success());
    let mut rest = String::new();
    stream.read_to_string(&mut rest).expect("the end of the stream");
    let status = server.child.wait().expect("a child");
    assert!(status.success(), "{status}");
    assert!(told.elapsed() < Duration::from_secs(5), "nobody waits for a stream to end by itself");
}

/// The tables' contents that a backup must carry, through the program's own eyes.
fn accounts(folder: &Folder, name: &str) -> bool {
    pufa(folder, &["token", "create", "--user", name]).status.success()
}

#[test]
fn a_backup_taken_while_serving_brings_everything_back() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    server.set_up();
    succeeded(add_user(&folder, "sun", "500113108", "long enough"));
    assert!(succeeded(pufa(&folder, &["backup", "town.bak"])).contains("town.bak: "));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path("town.bak")).expect("the backup").permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else reads a backup");
    }
    succeeded(add_user(&folder, "li", "500113108", "long enough"));
    // Into a place where nothing was.
    succeeded(pufa(&folder, &["restore", "town.bak", "--data-dir", "elsewhere"]));
    let token = pufa(&folder, &["token", "create", "--user", "sun", "--data-dir", "elsewhere"]);
    assert!(token.status.success(), "{}", String::from_utf8_lossy(&token.stderr));
    // Over what is there, under a server that runs; that is kept, too.
    let said = succeeded(pufa(&folder, &["restore", "town.bak"]));
    assert!(accounts(&folder, "sun") && !accounts(&folder, "li"));
    let (_, kept) = said.trim_end().rsplit_once("kept in ").expect("where");
    succeeded(pufa(&folder, &["restore", kept, "--force"]));
    assert!(accounts(&folder, "li"), "what a restore replaced can be brought back");
    assert!(!succeeded(pufa(&folder, &["restore", "town.bak", "--force"])).contains("kept"));
    assert!(server.post("/login", "name=sun&password=long+enough").contains("set-cookie: pufa="));
    assert!(!server.post("/login", "name=li&password=long+enough").contains("set-cookie: pufa="));
    assert_eq!(folder.files(), ["data", "elsewhere", "town.bak"], "no half files");
}

#[test]
fn a_damaged_backup_is_refused_and_changes_nothing() {
    let folder = Folder::new();
    set_up(&folder);
    succeeded(pufa(&folder, &["backup", "town.bak"]));
    let mut bytes = fs::read(folder.path("town.bak")).expect("the backup");
    let middle = bytes.len() / 2;
    for byte in &mut bytes[middle..middle + 4096] {
        *byte = 0x5a;
    }
    fs::write(folder.path("damaged.bak"), bytes).expect("a file");
    fs::write(folder.path("text.bak"), "no database at all").expect("a file");
    for file in ["damaged.bak", "text.bak", "missing.bak"] {
        refused(&pufa(&folder, &["restore", file, "--force"]));
        refused(&pufa(&folder, &["restore", file, "--data-dir", "elsewhere"]));
    }
    assert!(accounts(&folder, "admin") && !Path::new(&folder.path("elsewhere/pufa.db")).exists());
    assert!(refused(&pufa(&folder, &["backup", "data/pufa.db"])).contains("itself"));
}
