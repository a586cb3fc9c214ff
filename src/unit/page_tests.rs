//! The pages of units, as a browser without script uses them.

use crate::server::testing::{World, sqlite};
use axum::http::StatusCode;

const TIANPING: &str = "/units/500999001201";

#[tokio::test]
async fn the_tree_shows_what_may_be_read_and_is_searched() {
    let world = World::new(sqlite().await).await;
    let page = world.get("zhao", "/units").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for word in ["青山县", "青山镇", "天坪村", "青山小学", "name=\"csv\"", "name=\"new_parent\""] {
        assert!(page.text.contains(word), "{word}");
    }
    let page = world.get("zhao", "/units?q=%E5%A4%A7%E4%BD%9B").await.text;
    assert!(page.contains("大佛村") && !page.contains(">天坪村<"));
    let page = world.get("sun", "/units").await.text;
    assert!(page.contains("天坪村") && !page.contains("两河村") && !page.contains("name=\"csv\""));
    assert_eq!(world.get("", "/units").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_list_is_pasted_and_a_wrong_one_comes_back_as_typed() {
    let world = World::new(sqlite().await).await;
    let list = "code\tname\tparent_code\n500999002\t白水镇\t500999\n500999002201\t白水村村民委员会\t500999002\n";
    let done = world.submit("zhao", "/units", &[("do", "import"), ("csv", list)]).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/units"), "{}", done.text);
    assert!(world.get("zhao", "/units").await.text.contains("白水村"));
    let refused = world.submit("qian", "/units", &[("do", "import"), ("csv", list)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let area = refused.text.split("<textarea").nth(1).unwrap_or_default();
    assert!(refused.text.contains("第 2 行 code 列"));
    assert!(area.contains(">\ncode\tname\tparent_code\n500999002\t白水镇"), "{}", &area[..200]);
    let own = "code,name,parent_code\n500999001204,新村村民委员会,500999001\n";
    assert_eq!(world.submit("qian", "/units", &[("do", "import"), ("csv", own)]).await.status, StatusCode::SEE_OTHER);
    for who in ["sun", "zhou"] {
        let refused = world.submit(who, "/units", &[("do", "import"), ("csv", own)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{who}");
    }
}

#[tokio::test]
async fn a_unit_is_added_below_another_and_a_refused_form_keeps_what_was_typed() {
    let world = World::new(sqlite().await).await;
    let fields = [
        ("do", "add"),
        ("new_parent", "500999001"),
        ("new_name", "白鹤村村民委员会"),
        ("new_code", "500999001205"),
        ("new_kind", ""),
        ("new_households", "-3"),
    ];
    let refused = world.submit("qian", "/units/500999001", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("白鹤村村民委员会") && refused.text.contains("f-new_households-problem"));
    let done = world.submit("qian", "/units/500999001", &fields[..5]).await;
    assert_eq!(done.header("location"), "/units/500999001205", "{}", done.text);
    assert!(world.get("qian", "/units/500999001205").await.text.contains("白鹤村"));
}

#[tokio::test]
async fn names_sizes_and_days_are_changed_on_the_units_own_page() {
    let world = World::new(sqlite().await).await;
    for fields in [
        &[("do", "rename"), ("name", "天坪新村村民委员会")][..],
        &[("do", "size"), ("households", "312"), ("population", "")],
        &[("do", "merge"), ("merged_into", "500999001202"), ("merge_day", "2020-12-31")],
    ] {
        let done = world.submit("qian", TIANPING, fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{fields:?}: {}", done.text);
    }
    let page = world.get("qian", TIANPING).await.text;
    for word in ["天坪新村", "312", "2020-12-31", "天坪村村民委员会", "500999001202", "value=\"reopen\""] {
        assert!(page.contains(word), "{word}");
    }
    assert_eq!(world.submit("qian", TIANPING, &[("do", "reopen")]).await.status, StatusCode::SEE_OTHER);
    let refused = world.submit("qian", TIANPING, &[("do", "close"), ("active_to", "2021-02-30")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let closed = world.submit("qian", TIANPING, &[("do", "close"), ("active_to", "2021-02-28")]).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER);
    assert!(world.get("qian", "/units").await.text.contains("2021-02-28"));
}

#[tokio::test]
async fn the_classes_of_a_school_are_kept_on_its_page() {
    let world = World::new(sqlite().await).await;
    let school = "/units/school-1";
    for (action, name, pupils) in
        [("class", "2019级1班", "40"), ("class", "2019级2班", "38"), ("class_pupils", "2019级1班", "42")]
    {
        let fields = [("do", action), ("class_name", name), ("class_pupils", pupils)];
        assert_eq!(world.submit("qian", school, &fields).await.status, StatusCode::SEE_OTHER, "{name}");
    }
    let page = world.get("qian", school).await.text;
    assert!(page.contains("2 个班，在校学生 80 人") && page.contains("2019级2班人数"), "{page}");
    let done = world.submit("qian", school, &[("do", "class_close"), ("class_name", "2019级2班")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(world.get("qian", school).await.text.contains("1 个班，在校学生 42 人"));
    let odd = [("do", "class"), ("class_name", "2020级1班"), ("class_pupils", "four")];
    assert_eq!(world.submit("qian", school, &odd).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let village = [("do", "class"), ("class_name", "2020级1班"), ("class_pupils", "4")];
    assert_eq!(world.submit("qian", TIANPING, &village).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn scenario_13_a_page_lets_nobody_change_what_is_not_theirs() {
    let world = World::new(sqlite().await).await;
    let rename = [("do", "rename"), ("name", "改名")];
    for (who, code, status) in [
        ("sun", "500999001201", StatusCode::FORBIDDEN),
        ("zhou", "500999001201", StatusCode::FORBIDDEN),
        ("sun", "500999001202", StatusCode::NOT_FOUND),
        ("qian", "500999", StatusCode::NOT_FOUND),
    ] {
        let address = format!("/units/{code}");
        assert_eq!(world.submit(who, &address, &rename).await.status, status, "{who} {code}");
        let page = world.get(who, &address).await;
        assert_eq!(page.status == StatusCode::OK, status == StatusCode::FORBIDDEN, "{who} {code}");
        assert!(!page.text.contains("value=\"rename\""), "{who} {code}");
    }
}
