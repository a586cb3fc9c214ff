//! What people wait for, each beside a bare axum handler over the same SQLite file and pools, in the same run: a town's
//! months of a year, the dashboard page, storing an activity (1 and 16 clients). Single times drift with the machine;
//! the ratios are what `docs/performance.md` quotes.
//!
//! `cargo bench --bench beside_bare -- 100000 1000000` measures at these numbers of activities. Both servers listen on
//! 127.0.0.1 at a free port and end with the run; every measurement is bounded in requests and in seconds.
#![allow(clippy::expect_used, clippy::print_stdout)] // What fails ends the run; the table is its result.

use axum::{
    Json, Router,
    extract::State,
    http::{Request, header},
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
        db::{Conn, Db},
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

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Http = Client<HttpConnector, Full<bytes::Bytes>>;

const COUNTY: &str = "500113";
const TOWN: &str = "500113108";
const VILLAGE: &str = "500113108210";
/// The demo's year: its goals, events and stocks stand beside the synthetic entries.
const YEAR: i64 = 2021;
/// Requests per measurement, half of them in each of two rounds; a tenth as many warm up.
const READS: usize = 400;
const WRITES: usize = 1_600;
/// No round lasts longer.
const LONGEST: Duration = Duration::from_secs(20);

#[tokio::main]
async fn main() {
    let sizes: Vec<i64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![100_000, 1_000_000] } else { sizes };
    println!("| activities | what | Pufa median | p95 | a second | bare median | p95 | a second | Pufa ÷ bare |");
    println!("|---:|---|---:|---:|---:|---:|---:|---:|---:|");
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
    eprintln!("{size} activities made in {seconds:.1} s, {:.0} a second", size as f64 / seconds);
    let token = bench_token(&db).await;
    prepare_bare(&db).await;

    let settings = Arc::new(Settings::default());
    let ours = serve(router(AppState { db: db.clone(), settings })).await;
    let bare = serve(bare_router(db.clone())).await;
    let client = Side { http: Client::builder(TokioExecutor::new()).build_http(), token };

    let months = format!("/api/v1/totals?unit={TOWN}&from={YEAR}-01-01&to={YEAR}-12-31&by=measure,month");
    let months = (format!("{ours}{months}"), format!("{bare}/totals"));
    client.compare_totals(&months.0, &months.1).await;
    let page = (format!("{ours}/?unit={TOWN}&year={YEAR}"), format!("{bare}/page"));
    for (what, (ours, bare)) in [("a town's months of a year", &months), ("the dashboard page", &page)] {
        let read = |address: &str| {
            let address = address.to_owned();
            move || Request::get(&address)
        };
        let (ours, bare) = client.both(1, READS, (read(ours), read(bare)), String::new).await;
        report(size, what, &ours, &bare);
    }
    for clients in [1, 16] {
        let create = |address: String| move || Request::post(&address).header(header::CONTENT_TYPE, "application/json");
        let paths = (create(format!("{ours}/api/v1/activities")), create(format!("{bare}/create")));
        let (ours, bare) = client.both(clients, WRITES, paths, || entry().to_string()).await;
        let plural = if clients == 1 { "" } else { "s" };
        report(size, &format!("storing an activity, {clients} client{plural}"), &ours, &bare);
    }
    let found = pufa::activity::check::check(&db).await.expect("a check");
    assert!(found.differences.is_empty(), "the totals no longer match: {:?}", found.differences);
    db.close().await;
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}

/// An activity as a phone sends it, each of the next day: nobody logs thousands of a day in one village.
fn entry() -> Value {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let day = NEXT.fetch_add(1, Ordering::Relaxed) % 365;
    let first = chrono::NaiveDate::from_ymd_opt(YEAR as i32, 1, 1).expect("a day");
    json!({
        "id": uuid::Uuid::now_v7(),
        "unit": VILLAGE,
        "date": first + chrono::Days::new(day as u64),
        "type": "lecture",
        "themes": ["drugs"],
        "quantities": [
            {"measure": "lecture", "value": 1, "precision": "exact"},
            {"measure": "leaflet", "value": 60, "precision": "at_least"},
        ],
    })
}

/// What one side took.
#[derive(Default)]
struct Times {
    each: Vec<Duration>,
    whole: Duration,
}

impl Times {
    /// Milliseconds that this share of the requests stayed below.
    fn at(&self, share: f64) -> f64 {
        let mut sorted = self.each.clone();
        sorted.sort();
        sorted[((sorted.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0
    }

    fn per_second(&self) -> f64 {
        self.each.len() as f64 / self.whole.as_secs_f64()
    }
}

/// A client of either server.
struct Side {
    http: Http,
    token: String,
}

impl Side {
    /// Ours and bare in turn, so that what the machine does meanwhile meets both.
    async fn both<A, B>(
        &self,
        clients: usize,
        number: usize,
        (ours, bare): (A, B),
        body: impl Fn() -> String,
    ) -> (Times, Times)
    where
        A: Fn() -> axum::http::request::Builder,
        B: Fn() -> axum::http::request::Builder,
    {
        let mut times = (Times::default(), Times::default());
        self.drive(clients, number / 10, &ours, &body, &mut Times::default()).await;
        self.drive(clients, number / 10, &bare, &body, &mut Times::default()).await;
        for _ in 0..2 {
            self.drive(clients, number / 2, &ours, &body, &mut times.0).await;
            self.drive(clients, number / 2, &bare, &body, &mut times.1).await;
        }
        times
    }

    /// Sends `number` requests from `clients` at once; every answer has to be a success.
    async fn drive(
        &self,
        clients: usize,
        number: usize,
        request: impl Fn() -> axum::http::request::Builder,
        body: impl Fn() -> String,
        times: &mut Times,
    ) {
        let next = AtomicUsize::new(0);
        let began = Instant::now();
        let work = (0..clients).map(|_| async {
            let mut own = Vec::new();
            while next.fetch_add(1, Ordering::Relaxed) < number && began.elapsed() < LONGEST {
                let body = body();
                let asked = Instant::now();
                self.ask(request(), body).await;
                own.push(asked.elapsed());
            }
            own
        });
        times.each.extend(futures::future::join_all(work).await.concat());
        times.whole += began.elapsed();
    }

    async fn ask(&self, request: axum::http::request::Builder, body: String) -> bytes::Bytes {
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        let request = request.body(Full::from(body)).expect("a request");
        let answer = self.http.request(request).await.expect("an answer");
        let status = answer.status();
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
        body
    }

    /// Both sides answer the same sums, else they are not to be compared.
    async fn compare_totals(&self, ours: &str, bare: &str) {
        let ours: Value = serde_json::from_slice(&self.ask(Request::get(ours), String::new()).await).expect("JSON");
        let rows = ours["rows"].as_array().expect("rows");
        let sum: i64 = rows.iter().filter_map(|row| row["total"].as_i64()).sum();
        let bare = self.ask(Request::get(bare), String::new()).await;
        let bare: Vec<Month> = serde_json::from_slice(&bare).expect("JSON");
        let bare: i64 = bare.iter().map(|row| row.2 + row.3 + row.4).sum();
        assert!(sum > 0 && sum == bare, "{sum} beside {bare}");
    }
}

fn report(size: i64, what: &str, ours: &Times, bare: &Times) {
    println!(
        "| {size} | {what} | {:.2} ms | {:.2} ms | {:.0} | {:.2} ms | {:.2} ms | {:.0} | {:.2} |",
        ours.at(0.5),
        ours.at(0.95),
        ours.per_second(),
        bare.at(0.5),
        bare.at(0.95),
        bare.per_second(),
        ours.at(0.5) / bare.at(0.5),
    );
}

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.expect("the server serves") });
    format!("http://{address}")
}

/// The demo's officer asks, by token.
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

/// The bare handler keeps its entries apart, so that Pufa's own totals stay true.
async fn prepare_bare(db: &Db) {
    let mut conn = db.write().await.expect("a transaction");
    for sql in [
        "create table bare_activity (id blob primary key, unit text not null, day text not null, body text not null) strict",
        "create index bare_activity_day on bare_activity (day, id)",
        "create table bare_quantity (activity blob, measure text, precision text, value integer, \
         primary key (activity, measure, precision)) strict, without rowid",
        "create table bare_rollup (unit text, period integer, measure text, total integer, activities integer, \
         primary key (unit, period, measure)) strict, without rowid",
    ] {
        execute!(&mut conn, sqlx::query(sql)).expect("a bare table");
    }
    conn.commit().await.expect("the bare tables");
}

/// What anybody would write first: the least SQL with the same outcome; no log-in, no permission, no validation, no audit.
fn bare_router(db: Db) -> Router {
    Router::new()
        .route("/totals", get(bare_totals))
        .route("/page", get(bare_page))
        .route("/create", post(bare_create))
        .with_state(db)
}

/// Month, measure, exact, at least, estimate, activities.
type Month = (i64, String, i64, i64, i64, i64);

async fn bare_months(conn: &mut Conn) -> Vec<Month> {
    run!(conn, c => sqlx::query_as(
        "select period, measure.key, exact, at_least, estimate, activities from rollup \
         join measure on measure.id = rollup.measure_id \
         where rollup.unit_id = (select id from unit where code = $1) and slice = 0 and period between $2 and $3 \
         and slice_id = 0",
    ).bind(TOWN).bind(YEAR * 100 + 1).bind(YEAR * 100 + 12).fetch_all(c).await)
    .expect("the town's months")
}

async fn bare_totals(State(db): State<Db>) -> Json<Vec<Month>> {
    let mut conn = db.read().await.expect("a transaction");
    Json(bare_months(&mut conn).await)
}

/// The dashboard's figures as bare tables: months by measure, themes, villages by month.
async fn bare_page(State(db): State<Db>) -> Html<String> {
    let mut conn = db.read().await.expect("a transaction");
    let months = bare_months(&mut conn).await;
    let themes: Vec<(String, i64)> = run!(&mut conn, c => sqlx::query_as(
        "select theme.name, cast(sum(activities) as bigint) from rollup join theme on theme.id = slice_id \
         where rollup.unit_id = (select id from unit where code = $1) and slice = 1 and period between $2 and $3 \
         and measure_id = 0 group by theme.name",
    ).bind(TOWN).bind(YEAR * 100 + 1).bind(YEAR * 100 + 12).fetch_all(c).await)
    .expect("the town's themes");
    let villages: Vec<(String, i64, i64)> = run!(&mut conn, c => sqlx::query_as(
        "select unit.short_name, period, own_activities from unit join rollup on rollup.unit_id = unit.id \
         where parent_id = (select id from unit where code = $1) and slice = 0 and period between $2 and $3 \
         and slice_id = 0 and measure_id = 0 order by unit.code, period",
    ).bind(TOWN).bind(YEAR * 100 + 1).bind(YEAR * 100 + 12).fetch_all(c).await)
    .expect("the town's villages");
    let mut page = String::from("<!doctype html><table>");
    for (period, measure, exact, at_least, estimate, activities) in months {
        page += &format!("<tr><td>{period}<td>{measure}<td>{exact}<td>{at_least}<td>{estimate}<td>{activities}");
    }
    page += "</table><table>";
    for (name, activities) in themes {
        page += &format!("<tr><td>{name}<td>{activities}");
    }
    page += "</table><table>";
    for (name, period, activities) in villages {
        page += &format!("<tr><td>{name}<td>{period}<td>{activities}");
    }
    Html(page + "</table>")
}

/// The entry, its quantities, and the month's totals of its village, town and county, durable before the answer.
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
    let quantities: Vec<(&str, &str, i64)> = body["quantities"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| Some((one["measure"].as_str()?, one["precision"].as_str()?, one["value"].as_i64()?)))
        .collect();
    for (measure, precision, value) in &quantities {
        execute!(
            &mut conn,
            sqlx::query("insert into bare_quantity values ($1, $2, $3, $4)")
                .bind(id)
                .bind(*measure)
                .bind(*precision)
                .bind(*value)
        )
        .expect("a quantity");
    }
    let month: String =
        body["date"].as_str().into_iter().flat_map(|day| day.chars().filter(|c| *c != '-').take(6)).collect();
    let period: i64 = month.parse().expect("a month");
    run!(&mut conn, c => {
        let mut query = sqlx::QueryBuilder::new("insert into bare_rollup (unit, period, measure, total, activities) ");
        let rows = [VILLAGE, TOWN, COUNTY].into_iter().flat_map(|unit| {
            let counted = quantities.iter().map(|(measure, _, value)| (*measure, *value));
            std::iter::once(("", 0)).chain(counted).map(move |(measure, value)| (unit, measure, value))
        });
        query.push_values(rows, |mut row, (unit, measure, value)| {
            row.push_bind(unit).push_bind(period).push_bind(measure).push_bind(value).push_bind(1_i64);
        });
        query.push(
            " on conflict (unit, period, measure) do update set total = bare_rollup.total + excluded.total, \
             activities = bare_rollup.activities + 1",
        );
        query.build().execute(c).await.map(|_| ())
    })
    .expect("the totals");
    conn.commit().await.expect("durable");
    Json(body)
}
