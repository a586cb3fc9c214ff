//! How long a town waits for its ledger of 100,000 entries: pages, words, groups and exports, as the server answers them.
//! `docs/performance.md` quotes the result.
//!
//! `cargo bench --bench ledger` makes the demo's town, puts the entries into it and asks each address in turn, over the
//! router without a network. The exports are read to their end; the most memory that the process ever held is told.
#![allow(clippy::expect_used, clippy::print_stdout)] // What fails ends the run; the table is its result.

use axum::{
    body::Body,
    http::{Request, header},
};
use http_body_util::BodyExt;
use pufa::{
    activity::generate::generate,
    execute,
    server::{
        db::Db,
        router::router,
        secret,
        state::{AppState, Settings},
    },
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tower::ServiceExt;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ENTRIES: i64 = 100_000;
/// How often each is asked; the middle one and the slowest but one of twenty are told.
const ROUNDS: usize = 21;

const ADDRESSES: [(&str, &str); 12] = [
    ("the ledger, as it opens", "/activities"),
    ("a year", "/activities?year=2023"),
    ("a drilled figure", "/activities?year=2023&measure=leaflet"),
    ("two themes, estimates only", "/activities?theme=drugs&theme=safety&precision=estimate"),
    ("a word in a year", "/activities?year=2023&q=宣传"),
    ("a word in all of it", "/activities?q=村"),
    ("a word that is nowhere", "/activities?q=没有这个词"),
    ("by unit", "/activities?sort=unit"),
    ("by leaflets", "/activities?sort=-measure.leaflet"),
    ("grouped by month", "/activities?group=month"),
    ("grouped by theme", "/activities?group=theme"),
    ("a village's year on paper", "/statement?unit=500113108210&year=2023"),
];

#[tokio::main]
async fn main() {
    let file = std::env::temp_dir().join(format!("pufa-ledger-{}.db", std::process::id()));
    let url = std::env::var("PUFA_BENCH_URL").unwrap_or_else(|_| format!("sqlite:{}", file.display()));
    let db = Db::open(&url).await.expect("a fresh database");
    pufa::demo::build(&db).await.expect("the demo");
    generate(&db, Some("500113108"), ENTRIES, 1).await.expect("the entries");
    let mut conn = db.write().await.expect("a transaction");
    execute!(
        &mut conn,
        sqlx::query(
            "insert into token (hash, account_id, label, created_at) \
             select $1, id, 'bench', '2021-01-01T00:00:00Z' from account where name = 'officer'"
        )
        .bind(secret::hash("bench"))
    )
    .expect("a token");
    conn.commit().await.expect("the token");
    let router = router(AppState { db: db.clone(), settings: Arc::new(Settings::default()) });
    let ask = async |address: &str| {
        let address: String = address
            .chars()
            .map(|letter| match letter.is_ascii() {
                true => letter.to_string(),
                false => letter.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
            })
            .collect();
        let request = Request::builder().uri(&address).header(header::AUTHORIZATION, "Bearer bench");
        let began = Instant::now();
        let answer = router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
        assert!(answer.status().is_success(), "{address}: {}", answer.status());
        let mut body = answer.into_body();
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            bytes += frame.expect("a part").data_ref().map_or(0, bytes::Bytes::len);
        }
        (began.elapsed(), bytes)
    };
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!("| what | median ms | p95 ms |");
    println!("|---|---:|---:|");
    for (what, address) in ADDRESSES {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            times.push(ask(address).await.0);
        }
        times.sort();
        println!("| {what} | {:.0} | {:.0} |", ms(times[ROUNDS / 2]), ms(times[ROUNDS * 95 / 100]));
    }
    println!("| what | seconds | MB sent | most MB held |");
    println!("|---|---:|---:|---:|");
    println!("| before the exports | | | {} |", most_held());
    for address in ["/activities.csv", "/activities.xlsx"] {
        let (time, bytes) = ask(address).await;
        println!("| {address} | {:.1} | {:.1} | {} |", time.as_secs_f64(), bytes as f64 / 1e6, most_held());
    }
    db.close().await;
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}

/// The most memory that this process has held, in MB.
fn most_held() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).unwrap_or_default() / 1024
}
