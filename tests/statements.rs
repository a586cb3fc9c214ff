//! What a page asks of the database, statement by statement as sqlx sends them: few, and none that reads through the
//! ledger, so that a page costs the same however much was logged. One test, for it listens to the whole process.
#![allow(clippy::expect_used)] // A test's helpers.

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use pufa::{
    execute, run,
    server::{
        db::Db,
        router::router,
        secret,
        state::{AppState, Settings},
    },
};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;
use tracing::field::{Field, Visit};
use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};

/// The statements since they were last taken.
static SENT: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn take() -> Vec<String> {
    std::mem::take(&mut *SENT.lock().expect("the statements"))
}

/// Notes every statement that sqlx logs.
struct Listener;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Listener {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        #[derive(Default)]
        struct Statement(String);
        impl Visit for Statement {
            fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
            fn record_str(&mut self, field: &Field, value: &str) {
                // A short statement is its own summary.
                if field.name() == "db.statement" && !value.trim().is_empty() || field.name() == "summary" {
                    self.0 = value.trim().to_owned();
                }
            }
        }
        if event.metadata().target() == "sqlx::query" {
            let mut statement = Statement::default();
            event.record(&mut statement);
            // A page asks nothing by what sets up a new connection of the pool.
            if statement.0.starts_with("PRAGMA") {
                return;
            }
            SENT.lock().expect("the statements").push(statement.0);
        }
    }
}

struct House {
    db: Db,
    router: Router,
}

impl House {
    /// What a request sends to the database; it is asked twice, for the first time also notes that a token was used.
    async fn statements(&self, who: &str, address: &str, body: Option<&dyn Fn() -> serde_json::Value>) -> Vec<String> {
        for _ in 0..2 {
            take();
            let request = Request::builder()
                .uri(address)
                .method(if body.is_some() { "POST" } else { "GET" })
                .header(header::AUTHORIZATION, format!("Bearer token-of-{who}"))
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.map_or(Body::empty(), |body| Body::from(body().to_string())))
                .expect("a request");
            let answer = self.router.clone().oneshot(request).await.expect("an answer");
            let status = answer.status();
            let text = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a whole answer");
            assert!(status.is_success(), "{address}: {status} {}", String::from_utf8_lossy(&text));
        }
        take()
    }

    /// How SQLite goes about a statement: one line for each table.
    async fn plan(&self, statement: &str) -> Vec<String> {
        let mut conn = self.db.read().await.expect("a transaction");
        let sql = sqlx::AssertSqlSafe(format!("explain query plan {statement}"));
        let rows: Vec<(i64, i64, i64, String)> =
            run!(&mut conn, c => sqlx::query_as(sql).fetch_all(c).await).expect("a plan");
        rows.into_iter().map(|row| row.3).collect()
    }
}

#[tokio::test]
async fn a_page_asks_little_of_the_database_and_never_reads_through_the_ledger() {
    let filter = tracing_subscriber::filter::LevelFilter::DEBUG;
    tracing_subscriber::registry().with(filter).with(Listener).init();
    let file = std::env::temp_dir().join(format!("pufa-statements-{}.db", std::process::id()));
    let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("a fresh database");
    pufa::demo::build(&db).await.expect("the demo");
    let mut conn = db.write().await.expect("a transaction");
    for who in ["officer", "cadre"] {
        execute!(
            &mut conn,
            sqlx::query(
                "insert into token (hash, account_id, label, created_at) \
                 select $1, id, 'test', '2021-01-01T00:00:00Z' from account where name = $2"
            )
            .bind(secret::hash(&format!("token-of-{who}")))
            .bind(who)
        )
        .expect("a token");
    }
    conn.commit().await.expect("the tokens");
    let settings = Arc::new(Settings::default());
    let house = House { router: router(AppState { db: db.clone(), settings }), db };

    let post = || {
        serde_json::json!({
            "id": uuid::Uuid::now_v7(), "unit": "500113108210", "date": "2021-06-24", "type": "lecture",
            "themes": ["drugs"], "quantities": [{"measure": "lecture", "value": 1, "precision": "exact"}],
        })
    };
    let months = "/api/v1/totals?unit=500113108&from=2021-01-01&to=2021-12-31&by=measure,month";
    let mut failures = Vec::new();
    for (who, address, body, most, reads_ledger) in [
        ("officer", "/?year=2021", None, 27, false),
        ("cadre", "/?year=2021", None, 19, false),
        ("officer", months, None, 4, false),
        ("officer", "/goals?year=2021", None, 16, false),
        ("officer", "/calendar?month=2021-12", None, 16, false),
        ("officer", "/calendar?view=year&year=2021", None, 12, false),
        ("officer", "/calendar?view=week&week=2021-12-02", None, 16, false),
        ("officer", "/campaigns/year?year=2022", None, 10, false),
        ("officer", "/gaps", None, 10, false),
        ("officer", "/tasks", None, 11, false),
        ("cadre", "/tasks", None, 10, false),
        ("officer", "/rosters", None, 12, false),
        ("cadre", "/log/leaflet", None, 5, false),
        ("cadre", "/api/v1/activities", Some(&post as &dyn Fn() -> serde_json::Value), 18, false),
        ("officer", "/activities", None, 12, true),
        ("officer", "/closing?year=2021", None, 9, false),
        ("officer", "/review?month=2021-12", None, 17, true),
        ("cadre", "/log", None, 12, false),
    ] {
        let sent = house.statements(who, address, body).await;
        eprintln!("{} statements: {who} {address}", sent.len());
        if sent.len() > most || sent.is_empty() {
            failures.push(format!("{who} {address}: {} statements, not {most}:\n{}", sent.len(), sent.join("\n")));
        }
        for statement in sent.iter().filter(|sql| sql.starts_with("select") && !reads_ledger) {
            // The ledger's own lines are never added up here.
            let sums = statement.contains(" quantity ") && !statement.contains("where activity_id in (");
            let plan = house.plan(statement).await;
            let scans = plan.iter().any(|line| *line == "SCAN activity" || line.starts_with("SCAN activity "));
            if sums || scans {
                failures.push(format!("{who} {address} reads the ledger: {statement}\n{plan:#?}"));
            }
        }
    }
    house.db.close().await;
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
