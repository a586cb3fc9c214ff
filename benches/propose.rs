//! How long a whole district waits for its schedule: every village and community of 巴南区 lacks sessions, and the
//! officer of the district asks what to do about it. `docs/performance.md` quotes the result.
//!
//! `cargo bench --bench propose` imports the district's units, asks four sessions a year of each village and community, then
//! four more of each community, and times the proposal for the year, from the question to the last session laid.
#![allow(clippy::expect_used, clippy::print_stdout)] // What fails ends the run; the table is its result.

use pufa::{
    account,
    domain::{access::Role, period::Day, unit::UnitKind},
    plan,
    schedule::action::{Wish, propose},
    server::{context::Ctx, db::Db},
    unit,
};
use std::time::{Duration, Instant};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DISTRICT: &str = include_str!("../src/demo/banan-district-units.csv");
const COUNTY: &str = "500113";
/// How often each question is asked; the middle one and the slowest are told.
const ROUNDS: usize = 21;

#[tokio::main]
async fn main() {
    let file = std::env::temp_dir().join(format!("pufa-propose-{}.db", std::process::id()));
    let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("a fresh database");
    let ctx = district(&db).await;
    let mut conn = db.read().await.expect("a connection");
    let county = unit::store::by_code(&mut conn, &ctx.scope().expect("a scope"), COUNTY).await.expect("the district");
    let units = unit::store::at_and_below(&mut conn, &county).await.expect("its units");
    drop(conn);
    let count = |kind| units.iter().filter(|unit| unit.kind == kind).count();
    eprintln!("{} villages, {} communities", count(UnitKind::Village), count(UnitKind::Community));
    println!("| what | sessions laid | not laid | median ms | slowest ms |");
    println!("|---|---:|---:|---:|---:|");
    let both = ["village_sessions".to_owned(), "community_sessions".to_owned()];
    let villages = &both[..1];
    let wish = |indicators: &[String]| Wish {
        unit: COUNTY.into(),
        from: Some(day("2026-01-05")),
        to: Some(day("2026-12-31")),
        indicators: indicators.to_vec(),
        ..Wish::default()
    };
    let limited = Wish { per_day: Some(6), per_week: Some(25), ..wish(villages) };
    for (what, wish) in [
        ("four sessions each, no limits", wish(villages)),
        ("6 a day, 25 a week", limited.clone()),
        ("the same, neighbours on one day", Wish { together: true, ..limited.clone() }),
        ("communities eight each, 4 a day", Wish { per_day: Some(4), ..wish(&both) }),
    ] {
        report(&ctx, what, &wish).await;
    }
    db.close().await;
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// The district's units and its administrator, who asks four sessions a year of whatever answers to a village, communities
/// among them, and four of communities besides.
async fn district(db: &Db) -> Ctx {
    let program = Ctx::for_program(db.clone(), None);
    unit::import::import_units(&program, DISTRICT.as_bytes()).await.expect("the district's units");
    account::program::add(&program, "admin", "赵明", Role::Admin, COUNTY, "a-password-to-bench")
        .await
        .expect("an administrator");
    let mut conn = db.read().await.expect("a connection");
    let account = account::store::by_name(&mut conn, "admin").await.expect("an account").expect("the administrator");
    let actor = account::store::actor(&mut conn, account.id).await.expect("an actor");
    drop(conn);
    let mut ctx = Ctx::for_program(db.clone(), Some(actor));
    ctx.today = day("2026-01-05");
    for kind in ["village", "community"] {
        let key = format!("{kind}_sessions");
        let draft = plan::action::IndicatorDraft {
            key: Some(key.clone()),
            name: key.clone(),
            kind: "frequency".into(),
            measure: Some("lecture".into()),
            unit_kind: Some(kind.into()),
            each: Some("year".into()),
            unit: Some(COUNTY.into()),
            ..Default::default()
        };
        plan::action::add_indicator(&ctx, draft).await.expect("an indicator");
        let target = plan::action::TargetDraft {
            plan: "plan-9".into(),
            indicator: key,
            unit: COUNTY.into(),
            value: Some(4.0),
            year: None,
            basis: "bench".into(),
        };
        plan::action::set_target(&ctx, target).await.expect("a target");
    }
    ctx
}

async fn report(ctx: &Ctx, what: &str, wish: &Wish) {
    let mut times: Vec<Duration> = Vec::new();
    let mut laid = (0, 0);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let proposal = propose(ctx, wish).await.expect("a proposal");
        times.push(began.elapsed());
        laid = (proposal.events.len(), proposal.unplaced.iter().map(|one| one.missing).sum::<u32>());
    }
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    let (median, slowest) = (ms(times[ROUNDS / 2]), ms(times[ROUNDS - 1]));
    println!("| {what} | {} | {} | {median:.0} | {slowest:.0} |", laid.0, laid.1);
}
