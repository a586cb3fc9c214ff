//! How long an old ledger of 50,000 rows takes, and how much memory: read, held against the database, stored in one
//! transaction with its totals. `docs/performance.md` quotes the result.
//!
//! `cargo bench --bench import` makes the ledger of a district as a real .xlsx and .csv, and imports each into a fresh
//! database, then once more, which adds nothing.
#![allow(clippy::expect_used, clippy::print_stdout)] // What fails ends the run; the table is its result.

use pufa::{
    account,
    domain::access::Role,
    import::{action, examine::Progress},
    server::{context::Ctx, db::Db},
    unit,
};
use rust_xlsxwriter::Workbook;
use std::{fmt::Write, time::Instant};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DISTRICT: &str = include_str!("../src/demo/banan-district-units.csv");
const COUNTY: &str = "500113";
const ROWS: usize = 50_000;
const HEAD: [&str; 10] =
    ["序号", "日期", "村（社区）", "横幅（条）", "宣传资料（份）", "讲座（场）", "受教育人次", "主题", "地点", "备注"];

#[tokio::main]
async fn main() {
    println!("| file | MB | rows | seconds | again | most memory |");
    println!("|---|---:|---:|---:|---:|---:|");
    let villages: Vec<&str> =
        DISTRICT.lines().filter_map(|line| line.split(',').next()).filter(|code| code.len() == 12).collect();
    let rows: Vec<Vec<String>> = (0..ROWS).map(|number| row(number, &villages)).collect();
    let mut text = HEAD.join(",");
    for row in &rows {
        let _ = write!(text, "\n{}", row.join(","));
    }
    measure("2021年台账.csv", text.into_bytes()).await;
    measure("2021年台账.xlsx", xlsx(&rows)).await;
}

fn row(number: usize, villages: &[&str]) -> Vec<String> {
    let count = |most: usize| (number * 7 % most + 1).to_string();
    vec![
        (number + 1).to_string(),
        format!("2021.{}.{}", number % 12 + 1, number % 28 + 1),
        villages[number % villages.len()].to_owned(),
        count(4),
        if number.is_multiple_of(10) { "150余".into() } else { count(200) },
        (number % 3).to_string(),
        if number.is_multiple_of(7) { "约60".into() } else { count(90) },
        ["禁毒", "宪法", "民法典", "反诈"][number % 4].into(),
        "村委会".into(),
        format!("第{number}次"),
    ]
}

fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let cells = std::iter::once(HEAD.map(str::to_owned).to_vec()).chain(rows.iter().cloned());
    for (line, row) in (0..).zip(cells) {
        for (column, cell) in (0..).zip(row) {
            match cell.parse::<f64>() {
                Ok(number) if cell.len() < 12 && !cell.contains('.') => sheet.write_number(line, column, number),
                _ => sheet.write_string(line, column, cell),
            }
            .expect("a cell");
        }
    }
    book.save_to_buffer().expect("a file")
}

async fn measure(name: &str, bytes: Vec<u8>) {
    let file = std::env::temp_dir().join(format!("pufa-import-{}.db", std::process::id()));
    let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("a fresh database");
    let ctx = Ctx::for_program(db.clone(), None);
    unit::import::import_units(&ctx, DISTRICT.as_bytes()).await.expect("the district's units");
    account::program::add(&ctx, "admin", "赵明", Role::Admin, COUNTY, "a-password-to-bench").await.expect("an account");
    let mut seconds = Vec::new();
    for expected in [ROWS, 0] {
        let began = Instant::now();
        let progress = Progress::default();
        let done = action::import(&ctx, name, bytes.clone(), COUNTY, false, &progress).await.expect("a ledger");
        let counts = done.findings.counts;
        assert_eq!(
            (usize::try_from(counts.accepted).expect("a count"), counts.refused),
            (expected, 0),
            "{:?}",
            done.findings.told.first()
        );
        seconds.push(began.elapsed().as_secs_f64());
    }
    let mb = bytes.len() as f64 / 1e6;
    println!("| {name} | {mb:.1} | {ROWS} | {:.1} | {:.1} | {} |", seconds[0], seconds[1], peak());
    db.close().await;
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}

/// The most memory that this process took.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or("?".into(), |line| line.trim_start_matches("VmHWM:").trim().to_owned())
}
