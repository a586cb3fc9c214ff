//! Who may do what with accounts, asked over HTTP as a browser would.

use crate::{
    domain::access::Role,
    server::testing::{self, Answer, World, sqlite},
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};

const PASSWORD: &str = "天坪村的密码很长";

/// A request with a session's cookie.
async fn browse(world: &World, method: Method, address: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let body = serde_html_form::to_string(fields).expect("a form");
    let request = Request::builder()
        .method(method)
        .uri(address)
        .header(header::COOKIE, cookie)
        .header(header::USER_AGENT, "Firefox/115.0 (Android)")
        .header(header::HOST, "pufa.example:3000")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .expect("a request");
    world.send(request).await
}

/// The value of a cookie that an answer sets, as `name=value`.
fn set_cookie(answer: &Answer, name: &str) -> String {
    answer
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next()?.strip_prefix(name)?.strip_prefix('='))
        .map(|value| format!("{name}={value}"))
        .next()
        .unwrap_or_default()
}

/// The secret of a one-time link that an officer makes.
async fn link(world: &World, who: &str, name: &str) -> String {
    let answer = world.submit(who, &format!("/accounts/{name}"), &[("do", "link")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    set_cookie(&answer, "pufa_once").trim_start_matches("pufa_once=").to_owned()
}

/// Gives somebody of the cast a password by a one-time link; the cookie of the session.
async fn enter(world: &World, name: &str) -> String {
    let secret = link(world, if name == "qian" { "zhao" } else { "qian" }, name).await;
    let fields = [("password", PASSWORD), ("again", PASSWORD)];
    let answer = browse(world, Method::POST, &format!("/link/{secret}"), "", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    set_cookie(&answer, "pufa")
}

async fn log_in(world: &World, name: &str, password: &str) -> Answer {
    browse(world, Method::POST, "/login", "", &[("name", name), ("password", password)]).await
}

#[tokio::test]
async fn the_first_run_makes_the_administrator_and_the_town_once() {
    testing::each_engine(|db| async move {
        let world = World { router: World::router_of(&db), db };
        assert_eq!(world.get("", "/login").await.header("location"), "/setup");
        let mut fields = vec![
            ("unit_code", "500113108"),
            ("unit_name", "圣灯山镇"),
            ("county_code", "500112"),
            ("county_name", "巴南区"),
            ("name", "Admin"),
            ("display_name", "赵明"),
            ("password", PASSWORD),
            ("again", PASSWORD),
        ];
        let refused = world.submit("", "/setup", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("圣灯山镇") && !refused.text.contains(PASSWORD), "{}", refused.text);
        fields[2].1 = "500113";
        let done = world.submit("", "/setup", &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let cookie = set_cookie(&done, "pufa");
        let list = browse(&world, Method::GET, "/accounts", &cookie, &[]).await;
        assert!(list.status == StatusCode::OK && list.text.contains("赵明"), "{}", list.text);
        assert_eq!(world.submit("", "/setup", &fields).await.status, StatusCode::FORBIDDEN);
        assert_eq!(world.get("", "/setup").await.header("location"), "/login");
        assert_eq!(log_in(&world, "ADMIN", PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn logging_in_leads_back_and_a_refused_form_keeps_the_name_but_no_password() {
    testing::each_engine(|db| async move {
        let world = World::new(db).await;
        assert_eq!(world.get("", "/accounts").await.header("location"), "/login?next=%2Faccounts");
        enter(&world, "sun").await;
        let wrong = log_in(&world, "sun", "something wrong").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("value=\"sun\"") && !wrong.text.contains("something wrong"), "{}", wrong.text);
        let unknown = log_in(&world, "nobody", "something wrong").await;
        assert_eq!(unknown.status, wrong.status);
        assert_eq!(unknown.text.contains("登录名或密码不对"), wrong.text.contains("登录名或密码不对"));
        let fields = [("name", "Sun"), ("password", PASSWORD), ("long", "1")];
        let right = browse(&world, Method::POST, "/login?next=%2Flog", "", &fields).await;
        assert_eq!((right.status, right.header("location")), (StatusCode::SEE_OTHER, "/log"));
        let cookie = right.header("set-cookie");
        assert!(cookie.contains("HttpOnly; SameSite=Lax; Max-Age=31622400"), "{cookie}");
        let me = browse(&world, Method::GET, "/me", &set_cookie(&right, "pufa"), &[]).await;
        assert!(me.text.contains("孙丽") && me.text.contains("天坪村"), "{}", me.text);
        let foreign = browse(&world, Method::POST, "/login?next=%2F%2Fevil.example", "", &fields).await;
        assert_eq!(foreign.header("location"), "/");
    })
    .await;
}

#[tokio::test]
async fn whoever_guesses_a_password_has_to_wait_and_loses_nothing_typed() {
    let world = World::new(sqlite().await).await;
    let mut last = log_in(&world, "sun", "guess").await;
    for _ in 0..12 {
        last = log_in(&world, "sun", "guess").await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.text.contains("value=\"sun\"") && last.text.contains("尝试次数过多"), "{}", last.text);
    // What the client writes about itself helps nobody.
    let request = Request::builder()
        .method(Method::POST)
        .uri("/login")
        .header("x-forwarded-for", "10.1.2.3")
        .header("forwarded", "for=10.1.2.3")
        .body(Body::from("name=sun&password=guess"))
        .expect("a request");
    assert_eq!(world.send(request).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_one_time_link_works_once_and_looking_at_it_uses_nothing_up() {
    testing::each_engine(|db| async move {
        let world = World::new(db).await;
        let first = link(&world, "qian", "sun").await;
        let secret = link(&world, "qian", "sun").await;
        assert_eq!(
            world.get("", &format!("/link/{first}")).await.status,
            StatusCode::GONE,
            "only the last link counts"
        );
        for _ in 0..2 {
            let page = world.get("", &format!("/link/{secret}")).await;
            assert!(page.status == StatusCode::OK && page.text.contains("孙丽"), "{}", page.text);
        }
        let address = format!("/link/{secret}");
        let short = world.submit("", &address, &[("password", "short"), ("again", "short")]).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = [("password", PASSWORD), ("again", PASSWORD)];
        let used = world.submit("", &address, &fields).await;
        assert_eq!((used.status, used.header("location")), (StatusCode::SEE_OTHER, "/"));
        assert!(!set_cookie(&used, "pufa").is_empty());
        let again = world.submit("", &address, &fields).await;
        assert!(set_cookie(&again, "pufa").is_empty(), "a used link logs nobody in");
        assert_eq!(world.get("", &address).await.status, StatusCode::GONE);
        assert_eq!(log_in(&world, "sun", PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_revoked_session_and_a_revoked_token_stop_working() {
    testing::each_engine(|db| async move {
        let world = World::new(db).await;
        let here = enter(&world, "sun").await;
        let there = set_cookie(&log_in(&world, "sun", PASSWORD).await, "pufa");
        let ok = |answer: Answer| answer.status == StatusCode::OK;
        assert!(ok(browse(&world, Method::GET, "/me", &there, &[]).await));
        let done = browse(&world, Method::POST, "/me", &here, &[("do", "end_others")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(!ok(browse(&world, Method::GET, "/me", &there, &[]).await), "revoked");
        assert!(ok(browse(&world, Method::GET, "/me", &here, &[]).await));
        let made = browse(&world, Method::POST, "/me", &here, &[("do", "token"), ("label", "县局报表")]).await;
        let once = set_cookie(&made, "pufa_once");
        let token = once.trim_start_matches("pufa_once=").to_owned();
        let shown = browse(&world, Method::GET, "/me", &format!("{here}; {once}"), &[]).await;
        assert!(
            shown.text.contains(&token) && set_cookie(&shown, "pufa_once") == "pufa_once=",
            "shown, then forgotten"
        );
        let bearer = |token: &str| {
            let request = Request::builder().uri("/me").header(header::AUTHORIZATION, format!("Bearer {token}"));
            request.body(Body::empty()).expect("a request")
        };
        assert_eq!(world.send(bearer(&token)).await.status, StatusCode::OK);
        let sun = world.actor("sun").await;
        let mut conn = world.db.read().await.expect("a transaction");
        let id = super::session_store::tokens(&mut conn, sun.account_id).await.expect("tokens")[0].id.to_string();
        drop(conn);
        let foreign = world.submit("li", "/me", &[("do", "revoke_token"), ("id", &id)]).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "somebody else's token");
        browse(&world, Method::POST, "/me", &here, &[("do", "revoke_token"), ("id", &id)]).await;
        assert_eq!(world.send(bearer(&token)).await.status, StatusCode::UNAUTHORIZED);
        browse(&world, Method::POST, "/me", &here, &[("do", "log_out")]).await;
        assert!(!ok(browse(&world, Method::GET, "/me", &here, &[]).await), "logged out");
    })
    .await;
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_the_other_sessions() {
    let world = World::new(sqlite().await).await;
    let here = enter(&world, "sun").await;
    let there = set_cookie(&log_in(&world, "sun", PASSWORD).await, "pufa");
    let new = "换了一个新的密码";
    let change = |old: &'static str| [("do", "password"), ("old", old), ("password", new), ("again", new)];
    let wrong = browse(&world, Method::POST, "/me", &here, &change("不是这个密码啊")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!wrong.text.contains(new), "a password is never sent back");
    let done = browse(&world, Method::POST, "/me", &here, &change(PASSWORD)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_ne!(browse(&world, Method::GET, "/me", &there, &[]).await.status, StatusCode::OK);
    assert_eq!(browse(&world, Method::GET, "/me", &here, &[]).await.status, StatusCode::OK);
    assert_ne!(log_in(&world, "sun", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(log_in(&world, "sun", new).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_manages_nothing_does_not_reach_the_accounts() {
    let world = World::new(sqlite().await).await;
    for who in ["sun", "zhou"] {
        for address in ["/accounts", "/accounts/li", "/accounts/sun", "/accounts/nobody"] {
            assert_eq!(world.get(who, address).await.status, StatusCode::FORBIDDEN, "{who} reads {address}");
        }
        for (address, field) in [("/accounts", "add"), ("/accounts/li", "link"), ("/accounts/li", "close")] {
            let answer = world.submit(who, address, &[("do", field), ("name", "x1"), ("display_name", "某")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who} writes {address}");
        }
    }
}

#[tokio::test]
async fn an_officer_adds_cadres_below_and_nobody_above_or_beside() {
    testing::each_engine(|db| async move {
        let world = World::new(db).await;
        let mut conn = world.db.write().await.expect("a transaction");
        let other = testing::add_unit(&mut conn, "500999002", None, "town", "白水镇").await;
        testing::add_account(&mut conn, "wu", "吴刚", Role::Cadre, other).await;
        conn.commit().await.expect("another town");
        let add = async |role: &str, unit: &str| {
            let fields = [("do", "add"), ("name", "chen"), ("display_name", "陈静"), ("role", role), ("at", unit)];
            world.submit("qian", "/accounts", &fields).await
        };
        assert_eq!(add("officer", "500999001").await.status, StatusCode::FORBIDDEN);
        assert_eq!(add("admin", "500999001201").await.status, StatusCode::FORBIDDEN);
        for unit in ["500999", "500999002", "nowhere"] {
            let refused = add("cadre", unit).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{unit}");
            assert!(refused.text.contains("陈静"), "what was typed stays");
        }
        let done = add("cadre", "500999001203").await;
        assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/accounts/chen"));
        let cookie = set_cookie(&done, "pufa_once");
        let request = Request::builder()
            .uri("/accounts/chen")
            .header(header::COOKIE, cookie)
            .header(header::HOST, "pufa.example")
            .header(header::AUTHORIZATION, format!("Bearer {}", testing::token("qian")));
        let page = world.send(request.body(Body::empty()).expect("a request")).await;
        assert!(page.text.contains("http://pufa.example/link/"), "{}", page.text);
        assert_eq!(world.get("qian", "/accounts/wu").await.status, StatusCode::NOT_FOUND, "another town's cadre");
        assert_eq!(world.submit("qian", "/accounts/wu", &[("do", "close")]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.submit("qian", "/accounts/qian", &[("do", "close")]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(world.get("qian", "/accounts/zhao").await.status, StatusCode::NOT_FOUND, "the administrator above");
        let raise = [("do", "roles"), ("keep", "cadre:500999001203"), ("role", "officer"), ("at", "500999001")];
        assert_eq!(world.submit("qian", "/accounts/chen", &raise).await.status, StatusCode::FORBIDDEN);
        assert_eq!(world.submit("zhao", "/accounts/chen", &raise).await.status, StatusCode::SEE_OTHER);
        assert_eq!(world.actor("chen").await.grants.len(), 2);
        let link = world.submit("qian", "/accounts/chen", &[("do", "link")]).await;
        assert_eq!(link.status, StatusCode::FORBIDDEN, "an officer now: a link would open more than the officer gave");
    })
    .await;
}

#[tokio::test]
async fn a_closed_account_is_out_at_once_and_comes_back_by_a_link() {
    testing::each_engine(|db| async move {
        let world = World::new(db).await;
        let cookie = enter(&world, "sun").await;
        assert_eq!(world.get("sun", "/me").await.status, StatusCode::OK);
        let closed = world.submit("qian", "/accounts/sun", &[("do", "close"), ("reason", "调离")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER);
        assert_eq!(world.get("sun", "/me").await.status, StatusCode::UNAUTHORIZED, "by token");
        assert_ne!(browse(&world, Method::GET, "/me", &cookie, &[]).await.status, StatusCode::OK, "by session");
        assert_eq!(log_in(&world, "sun", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY, "by password");
        assert!(!world.get("qian", "/accounts").await.text.contains("孙丽"));
        assert!(world.get("qian", "/accounts?closed=1").await.text.contains("孙丽"));
        world.submit("qian", "/accounts/sun", &[("do", "reopen")]).await;
        enter(&world, "sun").await;
    })
    .await;
}

#[tokio::test]
async fn an_account_is_handed_over_with_its_history_and_without_its_keys() {
    testing::each_engine(|db| async move {
        let world = World::new(db).await;
        let cookie = enter(&world, "sun").await;
        let before = world.actor("sun").await;
        assert_eq!(
            world.submit("qian", "/accounts/sun", &[("do", "hand_over"), ("new_name", "")]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let done = world.submit("qian", "/accounts/sun", &[("do", "hand_over"), ("new_name", "何花")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(world.get("sun", "/me").await.status, StatusCode::UNAUTHORIZED, "the old token");
        assert_ne!(browse(&world, Method::GET, "/me", &cookie, &[]).await.status, StatusCode::OK, "the old session");
        assert_eq!(log_in(&world, "sun", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY, "the old password");
        let after = world.actor("sun").await;
        assert_eq!((after.account_id, after.display_name.as_str()), (before.account_id, "何花"));
        assert_eq!(after.grants, before.grants);
        let secret = set_cookie(&done, "pufa_once").trim_start_matches("pufa_once=").to_owned();
        assert_eq!(world.get("", &format!("/link/{secret}")).await.status, StatusCode::OK);
        let mut conn = world.db.read().await.expect("a transaction");
        assert_eq!(crate::server::audit::first_broken(&mut conn).await.expect("a check"), None);
    })
    .await;
}

#[tokio::test]
async fn a_link_that_was_given_before_opens_nothing_that_is_given_later() {
    testing::each_engine(|db| async move {
        let world = World::new(db).await;
        let secret = link(&world, "qian", "sun").await;
        let raise = [("do", "roles"), ("keep", "cadre:500999001201"), ("role", "officer"), ("at", "500999001")];
        assert_eq!(world.submit("zhao", "/accounts/sun", &raise).await.status, StatusCode::SEE_OTHER);
        let fields = [("password", PASSWORD), ("again", PASSWORD)];
        let used = world.submit("", &format!("/link/{secret}"), &fields).await;
        assert_eq!(set_cookie(&used, "pufa"), "", "the officer does not become another officer");
    })
    .await;
}

#[tokio::test]
async fn names_that_are_none_are_counted_together_and_not_remembered() {
    let world = World::new(sqlite().await).await;
    let mut last = StatusCode::OK;
    for number in 0..9 {
        last = log_in(&world, &format!("{number}{}", "x".repeat(100_000)), "guess").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(log_in(&world, "sun", "guess").await.status, StatusCode::UNPROCESSABLE_ENTITY, "others are not held up");
}

#[tokio::test]
async fn what_somebody_does_in_another_town_is_not_told() {
    let world = World::new(sqlite().await).await;
    let mut conn = world.db.write().await.expect("a transaction");
    let other = testing::add_unit(&mut conn, "500888001", None, "town", "白水镇").await;
    let sun = world.actor("sun").await;
    super::store::give(&mut conn, sun.account_id, Role::Cadre, other).await.expect("a second role");
    conn.commit().await.expect("another town");
    let page = world.get("qian", "/accounts/sun").await;
    assert!(page.text.contains("天坪村") && !page.text.contains("白水镇"), "{}", page.text);
    assert_eq!(world.submit("qian", "/accounts/sun", &[("do", "link")]).await.status, StatusCode::FORBIDDEN);
}
