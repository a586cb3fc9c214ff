//! For tests: a fresh database on either engine, one cast of people, and a client that asks the whole server.
//!
//! The cast lives in 青山镇 (code 500999001, county 500999) with the villages 天坪村 (…201), 两河村 (…202), 大佛村 (…203)
//! and 青山小学 (`school-1`): 赵明 the administrator, 钱芳 the officer, 孙丽 the cadre of 天坪村, 李强 the cadre of 两河村,
//! 周波 the leader.

use super::{
    db::{Conn, Db},
    router::router,
    secret,
    state::{AppState, Settings},
};
use crate::{
    domain::access::{Actor, Role},
    execute, run,
};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::Value;
use sqlx::Executor;
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use tower::ServiceExt;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Runs a test on SQLite, and on PostgreSQL where `PUFA_TEST_POSTGRES_URL` names a server (`make test` starts one).
pub async fn each_engine<F>(test: impl Fn(Db) -> F)
where
    F: Future<Output = ()>,
{
    test(sqlite().await).await;
    if let Some(db) = postgres().await {
        test(db.clone()).await;
        db.close().await;
    }
}

/// A fresh SQLite database in the system's folder for temporary files.
pub async fn sqlite() -> Db {
    let file = std::env::temp_dir().join(format!(
        "pufa-test-{}-{}.db",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    ));
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    Db::open(&format!("sqlite:{}", file.display())).await.expect("a fresh SQLite database opens")
}

/// A fresh database on the PostgreSQL server for tests.
pub async fn postgres() -> Option<Db> {
    let url = std::env::var("PUFA_TEST_POSTGRES_URL").ok()?;
    let name = format!("pufa_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let (server, _) = url.rsplit_once('/').expect("a PostgreSQL URL ends with /DATABASE");
    let admin = sqlx::PgPool::connect(&url).await.expect("the PostgreSQL server for tests answers");
    admin
        .execute(sqlx::AssertSqlSafe(format!("create database {name}")))
        .await
        .expect("a database for one test is made");
    admin.close().await;
    Some(Db::open(&format!("{server}/{name}")).await.expect("a fresh PostgreSQL database opens"))
}

/// The cast in its town, and the whole server around them.
pub struct World {
    pub db: Db,
    pub router: Router,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub text: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl World {
    pub async fn new(db: Db) -> World {
        let world = World { router: World::router_of(&db), db };
        let mut conn = world.db.write().await.expect("a transaction");
        let county = add_unit(&mut conn, "500999", None, "county", "青山县").await;
        let town = add_unit(&mut conn, "500999001", Some(county), "town", "青山镇").await;
        let tianping = add_unit(&mut conn, "500999001201", Some(town), "village", "天坪村村民委员会").await;
        let lianghe = add_unit(&mut conn, "500999001202", Some(town), "village", "两河村村民委员会").await;
        add_unit(&mut conn, "500999001203", Some(town), "village", "大佛村村民委员会").await;
        add_unit(&mut conn, "school-1", Some(town), "school", "青山小学").await;
        for (name, display_name, role, unit) in [
            ("zhao", "赵明", Role::Admin, county),
            ("qian", "钱芳", Role::Officer, town),
            ("sun", "孙丽", Role::Cadre, tianping),
            ("li", "李强", Role::Cadre, lianghe),
            ("zhou", "周波", Role::Leader, town),
        ] {
            add_account(&mut conn, name, display_name, role, unit).await;
        }
        conn.commit().await.expect("the cast is stored");
        world
    }

    /// The server on a database that may be empty.
    pub fn router_of(db: &Db) -> Router {
        let settings = Settings { data_dir: World::new_data_dir(), ..Settings::default() };
        router(AppState { db: db.clone(), settings: Arc::new(settings) })
    }

    /// A data folder for one server, which is made when something is written into it.
    pub fn new_data_dir() -> PathBuf {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        std::env::temp_dir().join(format!("pufa-test-data-{}-{number}", std::process::id()))
    }

    /// Everything that somebody of the cast may do, for calling actions without HTTP.
    pub async fn actor(&self, name: &str) -> Actor {
        let mut conn = self.db.read().await.expect("a transaction");
        let id: i64 = run!(&mut conn, c => sqlx::query_scalar("select id from account where name = $1")
            .bind(name).fetch_one(c).await)
        .expect("one of the cast");
        crate::account::store::actor(&mut conn, id).await.expect("an actor")
    }

    /// A request to the server as somebody of the cast (by bearer token), or as nobody where `who` is empty.
    pub async fn ask(&self, who: &str, method: Method, address: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(address);
        if !who.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", token(who)));
        }
        let body = match body {
            Some(json) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).expect("a request")).await
    }

    /// GET by API or page, as somebody of the cast.
    pub async fn get(&self, who: &str, address: &str) -> Answer {
        self.ask(who, Method::GET, address, None).await
    }

    /// POST of JSON, as somebody of the cast.
    pub async fn post(&self, who: &str, address: &str, body: Value) -> Answer {
        self.ask(who, Method::POST, address, Some(body)).await
    }

    /// A form posted as a browser without script would, as somebody of the cast.
    pub async fn submit(&self, who: &str, address: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_html_form::to_string(fields).expect("a form");
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if !who.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", token(who)));
        }
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// A body of any kind, as somebody of the cast.
    pub async fn send_bytes(&self, who: &str, method: Method, address: &str, kind: &str, body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(address).header(header::CONTENT_TYPE, kind);
        if !who.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", token(who)));
        }
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// Any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a whole body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text, bytes: bytes.to_vec() }
    }
}

/// The bearer token of somebody of the cast.
pub fn token(who: &str) -> String {
    format!("token-of-{who}")
}

/// A unit below `parent`; its id.
pub async fn add_unit(conn: &mut Conn, code: &str, parent: Option<i64>, kind: &str, name: &str) -> i64 {
    let above: String = match parent {
        Some(id) => run!(&mut *conn, c => sqlx::query_scalar("select path from unit where id = $1")
            .bind(id).fetch_one(c).await)
        .expect("the parent"),
        None => "/".into(),
    };
    let id: i64 = run!(&mut *conn, c => sqlx::query_scalar(
        "insert into unit (code, parent_id, path, kind, name, short_name) values ($1, $2, $1, $3, $4, $5) returning id",
    ).bind(code).bind(parent).bind(kind).bind(name).bind(crate::domain::unit::short_name(name)).fetch_one(c).await)
    .expect("the unit is stored");
    execute!(conn, sqlx::query("update unit set path = $1 where id = $2").bind(format!("{above}{id}/")).bind(id))
        .expect("the path is stored");
    id
}

/// An account with one role and a bearer token ([`token`]); no password. Its id.
pub async fn add_account(conn: &mut Conn, name: &str, display_name: &str, role: Role, unit: i64) -> i64 {
    let now = super::clock::now();
    let id: i64 = run!(&mut *conn, c => sqlx::query_scalar(
        "insert into account (name, display_name, created_at) values ($1, $2, $3) returning id",
    ).bind(name).bind(display_name).bind(now).fetch_one(c).await)
    .expect("the account is stored");
    execute!(
        &mut *conn,
        sqlx::query("insert into account_role (account_id, role, unit_id) values ($1, $2, $3)")
            .bind(id)
            .bind(role.key())
            .bind(unit)
    )
    .expect("the role is stored");
    execute!(
        conn,
        sqlx::query("insert into token (hash, account_id, label, created_at) values ($1, $2, 'test', $3)")
            .bind(secret::hash(&token(name)))
            .bind(id)
            .bind(now)
    )
    .expect("the token is stored");
    id
}

mod tests {
    use super::*;

    #[tokio::test]
    async fn the_cast_stands_on_both_engines_and_the_audit_chain_is_whole() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            let sun = world.actor("sun").await;
            let mut conn = world.db.write().await.expect("a transaction");
            for detail in [serde_json::json!({"b": 1, "a": [true, "词"]}), serde_json::json!({})] {
                let entry = crate::server::audit::Entry {
                    actor: Some(&sun),
                    unit_id: None,
                    action: "test",
                    subject: "天坪村".into(),
                    detail,
                };
                crate::server::audit::record(&mut conn, crate::server::clock::now(), entry).await.expect("an entry");
            }
            conn.commit().await.expect("two entries");
            for tampering in [
                "update audit set account_name = 'li'",
                "update audit set unit_id = (select min(id) from unit)",
                "update audit set account_id = null",
                "delete from audit where id = (select min(id) from audit)",
                "delete from audit where id = (select max(id) from audit)",
                "delete from audit",
            ] {
                let mut conn = world.db.write().await.expect("a transaction");
                assert_eq!(crate::server::audit::first_broken(&mut conn).await.expect("a check"), None);
                execute!(&mut conn, sqlx::query(tampering)).expect("somebody tampers, and it is undone");
                let broken = crate::server::audit::first_broken(&mut conn).await.expect("a check");
                assert!(broken.is_some(), "{tampering}");
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_page_that_is_not_there_says_so_in_the_readers_language() {
        let world = World::new(sqlite().await).await;
        let answer = world.get("sun", "/nowhere?lang=en").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(answer.text.contains("There is no such page"), "{}", answer.text);
    }
}
