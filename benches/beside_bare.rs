//! Measures what people wait for, each beside a bare axum handler over the same database in the same run: storing an
//! activity (1 and 16 clients), a town's months of a year, the dashboard page. The ratios are what
//! `docs/performance.md` quotes: they hold where single times drift with the machine.
//!
//! `cargo bench --bench beside_bare -- 100000 1000000` measures at these numbers of activities; bounded in number and
//! time, and it sends to 127.0.0.1 only.

use axum::{
    Json, Router,
    extract::State,
    http::{Method, Request, header},
    response::Html,
    routing::{get, post},
};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
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
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

type Http = Client<HttpConnector, Full<bytes::Bytes>>;

const TOWN: &str = "500113108";
const VILLAGE: &str = "500113108210";
const YEAR: i32 = 2024;

#[tokio::main]
async fn main() {
    let sizes: Vec<i64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![100_000] } else { sizes };
    println!("| activities | what | Pufa p50 | p95 | bare p50 | p95 | Pufa/bare |");
    println!("|---:|---|---:|---:|---:|---:|---:|");
    for size in sizes {
        measure(size).await;
    }
}

async fn measure(size: i64) {
    let file = std::env::temp_dir().join(format!("pufa-bench-{}-{size}.db", std::process::id()));
    let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("a fresh database");
    pufa::demo::build(&db).await.expect("the demo's town");
    let began = Instant::now();
    pufa::activity::generate::generate(&db, Some(TOWN), size, 7).await.expect("synthetic activities");
    let seconds = began.elapsed().as_secs_f64();
    eprintln!("generated {size} activities in {seconds:.1} s, {:.0}/s", size as f64 / seconds);
    let token = bench_token(&db).await;
    prepare_bare(&db).await;

    let state = AppState { db: db.clone(), settings: Arc::new(Settings::default()) };
    let ours = serve(router(state)).await;
    let bare = serve(bare_router(db.clone()).await).await;

    let http: Http = Client::builder(TokioExecutor::new()).build_http();
    let months = format!("/api/v1/totals?unit={TOWN}&from={YEAR}-01-01&to={YEAR}-12-31&by=measure,month");
    let reads: [(&str, &str, &str); 2] =
        [("a town's months of a year", &months, "/totals"), ("the dashboard page", "/?year=2024", "/page")];
    for (what, our_path, bare_path) in reads {
        let mut figures = Vec::new();
        for (base, path) in [(&ours, our_path), (&bare, bare_path)] {
            let request = |_| Request::get(format!("{base}{path}")).header(header::AUTHORIZATION, format!("Bearer {token}"));
            let times = drive(&http, 1, 400, |number| request(number).body(Full::default()).expect("a request")).await;
            figures.push(times);
        }
        report(size, what, &figures[0], &figures[1]);
    }
    for clients in [1, 16] {
        let mut figures = Vec::new();
        for base in [&ours, &bare] {
            let path = if base == &ours { "/api/v1/activities" } else { "/create" };
            let times = drive(&http, clients, 1_600, |_| {
                Request::builder()
                    .method(Method::POST)
                    .uri(format!("{base}{path}"))
                    .header(header::AUTHORIZATION, format!("Bearer {token}"))
                    .header(header::CONTENT_TYPE, "application/json")
                    .body(Full::from(entry().to_string()))
                    .expect("a request")
            })
            .await;
            figures.push(times);
        }
        report(size, &format!("storing an activity, {clients} clients"), &figures[0], &figures[1]);
    }
    db.close().await;
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}

/// An activity as a phone sends it.
fn entry() -> Value {
    json!({
        "id": uuid::Uuid::now_v7(),
        "unit": VILLAGE,
        "date": "2021-06-24",
        "type": "lecture",
        "themes": ["drugs"],
        "quantities": [
            {"measure": "lecture", "value": 1, "precision": "exact"},
            {"measure": "leaflet", "value": 60, "precision": "at_least"},
        ],
    })
}

struct Times {
    sorted: Vec<Duration>,
    whole: Duration,
}

impl Times {
    fn at(&self, share: f64) -> f64 {
        let index = ((self.sorted.len() - 1) as f64 * share) as usize;
        self.sorted[index].as_secs_f64() * 1_000.0
    }

    fn per_second(&self) -> f64 {
        self.sorted.len() as f64 / self.whole.as_secs_f64()
    }
}

/// Sends `number` requests from `clients` at once, after a tenth as many to warm up; every answer has to be a success.
async fn drive(
    http: &Http,
    clients: usize,
    number: usize,
    request: impl Fn(usize) -> Request<Full<bytes::Bytes>> + Sync,
) -> Times {
    let mut times = Vec::new();
    let mut whole = Duration::ZERO;
    for round in [number / 10, number] {
        let next = AtomicUsize::new(0);
        let began = Instant::now();
        let work = (0..clients).map(|_| async {
            let mut own = Vec::new();
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                if turn >= round {
                    return own;
                }
                let request = request(turn);
                let asked = Instant::now();
                let answer = http.request(request).await.expect("an answer");
                let status = answer.status();
                let body = answer.into_body().collect().await.expect("a body").to_bytes();
                assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
                own.push(asked.elapsed());
            }
        });
        times = futures::future::join_all(work).await.concat();
        whole = began.elapsed();
    }
    times.sort();
    Times { sorted: times, whole }
}

fn report(size: i64, what: &str, ours: &Times, bare: &Times) {
    println!(
        "| {size} | {what} | {:.2} ms | {:.2} ms | {:.2} ms | {:.2} ms | {:.2} |",
        ours.at(0.5),
        ours.at(0.95),
        bare.at(0.5),
        bare.at(0.95),
        ours.at(0.5) / bare.at(0.5),
    );
    eprintln!("  {what}: {:.0}/s beside {:.0}/s", ours.per_second(), bare.per_second());
}

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.expect("the server serves") });
    format!("http://{address}")
}

/// The demo's administrator asks, by token.
async fn bench_token(db: &Db) -> String {
    let token = secret::new();
    let mut conn = db.write().await.expect("a transaction");
    execute!(
        &mut conn,
        sqlx::query(
            "insert into token (hash, account_id, label, created_at) \
             select $1, account_id, 'bench', '2021-01-01T00:00:00Z' from account_role where role = 'officer' limit 1"
        )
        .bind(secret::hash(&token))
    )
    .expect("a token");
    conn.commit().await.expect("a token");
    token
}

async fn prepare_bare(db: &Db) {
    let mut conn = db.write().await.expect("a transaction");
    for sql in [
        "create table bare_activity (id blob primary key, unit text not null, day text not null, body text not null) strict",
        "create table bare_rollup (unit text, period integer, measure text, total integer, activities integer, \
         primary key (unit, period, measure)) strict",
    ] {
        execute!(&mut conn, sqlx::query(sql)).expect("a bare table");
    }
    conn.commit().await.expect("the bare tables");
}

/// What anybody would write first: one query, one answer; no log-in, no permission, no validation, no audit.
async fn bare_router(db: Db) -> Router {
    Router::new()
        .route("/totals", get(bare_totals))
        .route("/page", get(bare_page))
        .route("/create", post(bare_create))
        .with_state(db)
}

type BareRow = (i64, i64, i64, i64, i64, i64);

async fn bare_rows(db: &Db) -> Vec<BareRow> {
    let mut conn = db.read().await.expect("a transaction");
    run!(&mut conn, c => sqlx::query_as(
        "select period, measure_id, exact, at_least, estimate, activities from rollup \
         where unit_id = (select id from unit where code = $1) and slice = 0 and period between $2 and $3",
    ).bind(TOWN).bind(i64::from(YEAR) * 100 + 1).bind(i64::from(YEAR) * 100 + 12).fetch_all(c).await)
    .expect("the town's months")
}

async fn bare_totals(State(db): State<Db>) -> Json<Vec<BareRow>> {
    Json(bare_rows(&db).await)
}

async fn bare_page(State(db): State<Db>) -> Html<String> {
    let rows: String = bare_rows(&db)
        .await
        .into_iter()
        .map(|(period, measure, exact, ..)| format!("<tr><td>{period}<td>{measure}<td>{exact}"))
        .collect();
    Html(format!("<!doctype html><table>{rows}</table>"))
}

async fn bare_create(State(db): State<Db>, Json(body): Json<Value>) -> Json<Value> {
    let mut conn = db.write().await.expect("a transaction");
    let id: uuid::Uuid = body["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    execute!(
        &mut conn,
        sqlx::query("insert into bare_activity (id, unit, day, body) values ($1, $2, $3, $4)")
            .bind(id)
            .bind(body["unit"].as_str())
            .bind(body["date"].as_str())
            .bind(body.to_string())
    )
    .expect("an activity");
    for quantity in body["quantities"].as_array().into_iter().flatten() {
        execute!(
            &mut conn,
            sqlx::query(
                "insert into bare_rollup values ($1, 202106, $2, $3, 1) on conflict do update \
                 set total = total + excluded.total, activities = activities + 1"
            )
            .bind(body["unit"].as_str())
            .bind(quantity["measure"].as_str())
            .bind(quantity["value"].as_i64())
        )
        .expect("a total");
    }
    conn.commit().await.expect("durable");
    Json(body)
}
