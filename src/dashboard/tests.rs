//! The first page as a browser gets it.

use crate::{
    figure::tests::book,
    server::testing::{Answer, World, each_engine, sqlite},
};
use axum::http::StatusCode;
use scraper::{Html, Selector};

fn all(html: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    html.select(&selector).map(|found| found.text().collect::<String>()).collect()
}

/// What holds for the first page of anybody: headings in order, every link to an address, no figure that is none.
fn check(answer: &Answer) -> Html {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let html = Html::parse_document(&answer.text);
    assert_eq!(all(&html, "h1").len(), 1);
    assert!(!answer.text.contains("NaN"), "{}", answer.text);
    let mut level = 1;
    for heading in html.select(&Selector::parse("h1, h2, h3, h4").expect("a selector")) {
        let own = heading.value().name()[1..].parse::<i32>().expect("a level");
        assert!(own <= level + 1, "{} follows a heading of level {level}", heading.text().collect::<String>());
        level = own;
    }
    for link in html.select(&Selector::parse("main a[href]").expect("a selector")) {
        assert!(link.value().attr("href").is_some_and(|href| href.starts_with(['/', '#'])));
    }
    for chart in html.select(&Selector::parse("svg.chart").expect("a selector")) {
        assert!(chart.value().attr("aria-label").is_some_and(|label| !label.is_empty()));
    }
    html
}

#[tokio::test]
async fn a_town_sees_how_far_it_is_who_is_left_out_and_what_comes_next_in_this_order() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        book(&world).await;
        for who in ["qian", "zhou", "zhao"] {
            let answer = world.get(who, "/?unit=500999001&year=2021").await;
            let html = check(&answer);
            let headings = all(&html, "h2");
            let at = |text: &str| headings.iter().position(|own| own == text).unwrap_or_else(|| panic!("{headings:?}"));
            assert!(at("到哪一步了") < at("未覆盖村") && at("未覆盖村") < at("接下来是什么"), "{headings:?}");
            // What is to be done today stands on top for those who do it.
            assert_eq!(headings.contains(&"今天要办".to_owned()), who != "zhou");
            assert!(all(&html, "svg.coverage.part").len() == 2 && all(&html, "svg.months.narrow").len() == 1);
            // Themes by unit, and a little chart of each village on one scale.
            assert_eq!((all(&html, "svg.matrix.part").is_empty(), all(&html, "svg.panel").len()), (false, 3));
            let links = Selector::parse("svg.coverage a").expect("a selector");
            let address =
                html.select(&links).filter_map(|link| link.value().attr("href")).find(|href| href.contains("own=1"));
            assert!(
                address.is_some_and(|href| href.starts_with("/activities?unit=500999001201&from=2021-")),
                "{address:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_cadre_sees_the_own_village_and_nobody_elses() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    let answer = world.get("sun", "/?year=2021").await;
    let html = check(&answer);
    assert_eq!(all(&html, "h1"), ["天坪村 · 2021年"]);
    assert!(!answer.text.contains("两河村"), "{}", answer.text);
    for unit in ["500999001202", "500999001", "500999"] {
        assert_eq!(world.get("sun", &format!("/?unit={unit}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_county_sees_its_towns_by_code() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    let html = check(&world.get("zhao", "/?year=2021").await);
    assert_eq!(all(&html, "h1"), ["青山县 · 2021年"]);
    let rows = all(&html, "details.finding table tbody th");
    assert!(rows.contains(&"青山镇".to_owned()) && rows.contains(&"青山县本级".to_owned()), "{rows:?}");
}

#[tokio::test]
async fn an_empty_house_says_what_to_do_first() {
    let world = World::new(sqlite().await).await;
    for (who, action) in
        [("zhao", Some("/campaigns/new?unit=500999")), ("sun", Some("/log?unit=500999001201")), ("zhou", None)]
    {
        let answer = world.get(who, "/").await;
        let html = check(&answer);
        assert!(all(&html, ".empty h2").contains(&"还没有登记过活动".to_owned()), "{}", answer.text);
        if let Some(address) = action {
            assert!(answer.text.contains(&format!("href=\"{address}\"")), "{who}: {}", answer.text);
        }
        check(&world.get(who, "/?lang=en&year=1990&theme=drugs").await);
    }
}

#[tokio::test]
async fn whoever_is_not_logged_in_is_asked_to() {
    let world = World::new(sqlite().await).await;
    assert_eq!(world.get("", "/").await.header("location"), "/login");
}

#[tokio::test]
async fn the_big_screen_asks_the_same_three_questions_of_whoever_may_see_the_first_page() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    for (who, unit) in [("zhou", "500999001"), ("zhao", "500999"), ("sun", "500999001201")] {
        let answer = world.get(who, &format!("/screen?unit={unit}&year=2021")).await;
        let html = check(&answer);
        assert_eq!(all(&html, "main.wall section > h2").len(), 3);
        assert!(all(&html, "nav").is_empty(), "nothing to navigate by");
        // Large for the wall, in two halves for a phone.
        assert_eq!(all(&html, "svg.coverage.on-wall").len(), 1);
        assert_eq!(all(&html, "svg.coverage.part").len(), 2);
        // Without script it loads itself anew.
        assert!(answer.text.contains("<noscript><meta http-equiv=\"refresh\" content=\"60\">"), "{}", answer.text);
        assert!(answer.text.contains(&format!("data-unit=\"{unit}\"")) && answer.text.contains("live.js"));
    }
    let page = world.get("zhou", "/?year=2021").await.text;
    assert!(page.contains("href=\"/screen?unit=500999001&amp;year=2021\""), "{page}");
    assert!(!page.contains("http-equiv"));
    assert_eq!(world.get("sun", "/screen?unit=500999001").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("", "/screen").await.header("location"), "/login?next=%2Fscreen");
}

#[tokio::test]
async fn a_village_reads_what_was_done_what_is_due_and_its_year() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    let html = check(&world.get("sun", "/?year=2021").await);
    let headings = all(&html, "main h2");
    let at = |text: &str| headings.iter().position(|own| own == text).unwrap_or_else(|| panic!("{headings:?}"));
    assert!(at("已经做的") < at("还要做的") && at("还要做的") < at("我们这一年"), "{headings:?}");
}

#[tokio::test]
async fn marks_are_links_in_order_and_many_of_them_can_be_passed_by() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    let answer = world.get("zhou", "/?unit=500999001&year=2021").await;
    let html = check(&answer);
    let reached = html.select(&Selector::parse("svg.coverage a[href]:not([tabindex])").expect("a selector")).count();
    assert!(reached > 24, "{reached}");
    let skip = Selector::parse(".skip-chart a").expect("a selector");
    for link in html.select(&skip).filter_map(|link| link.value().attr("href")) {
        assert!(answer.text.contains(&format!("id=\"{}\"", &link[1..])), "{link}");
    }
    assert!(html.select(&skip).count() >= 1);
}

#[tokio::test]
async fn one_chart_shows_the_last_year_of_a_plan_and_the_first_of_the_next_with_their_boundary() {
    let world = World::new(sqlite().await).await;
    for (day, value) in [("2025-12-31", 3), ("2026-01-05", 5)] {
        let quantities = serde_json::json!([{ "measure": "banner", "value": value, "precision": "exact" }]);
        let body = serde_json::json!({
            "id": uuid::Uuid::now_v7(), "unit": "500999001201", "date": day, "quantities": quantities,
        });
        assert_eq!(world.post("sun", "/api/v1/activities", body).await.status, StatusCode::CREATED);
    }
    for who in ["zhou", "sun"] {
        let answer = world.get(who, "/?year=2026").await;
        let html = check(&answer);
        for chart in ["svg.months.wide", "svg.years.wide"] {
            let drawn = Selector::parse(chart).expect("a selector");
            let drawn = html.select(&drawn).next().unwrap_or_else(|| panic!("no {chart}")).inner_html();
            assert_eq!(drawn.matches("class=\"boundary\"").count(), 1, "{drawn}");
            assert!(drawn.contains("八五") && drawn.contains("九五"), "{drawn}");
        }
        // Both years' banners, each with its month.
        let titles = all(&html, "svg.months.wide a title");
        assert!(titles.iter().any(|title| title.contains("2025年12月")), "{titles:?}");
        assert!(titles.iter().any(|title| title.contains("2026年1月")), "{titles:?}");
        // The table below is of one year: twelve months that add up to it.
        let caption = "各月数量；十二个月之和等于全年";
        let tables = Selector::parse("table").expect("a selector");
        let table = html.select(&tables).find(|table| table.text().any(|text| text == caption)).expect("the table");
        let foot = Selector::parse("tfoot td").expect("a selector");
        assert_eq!(table.select(&foot).next().map(|cell| cell.text().collect::<String>()), Some("5".into()));
    }
}

/// Sets targets for the town: two that the book's year has long reached, and three that it never will.
async fn goals(world: &World) {
    for (indicator, value) in [
        ("banners", 1.0),
        ("leaflets", 1.0),
        ("broadcasts", 90_000.0),
        ("village_visits", 900_000.0),
        ("study_sessions", 90_000.0),
    ] {
        let body = serde_json::json!({
            "plan": "plan-8", "indicator": indicator, "unit": "500999001", "value": value, "basis": "镇发〔2021〕3号",
        });
        assert_eq!(world.post("qian", "/api/v1/targets", body).await.status, StatusCode::CREATED);
    }
}

#[tokio::test]
async fn what_is_behind_stands_first_and_what_is_reached_is_folded() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    goals(&world).await;
    let answer = world.get("zhou", "/?unit=500999001&year=2021").await;
    let html = check(&answer);
    assert!(
        all(&html, "p.lead")[0].starts_with("截至2021-12-31，5项目标：2项已达标，3项未达标"),
        "{:?}",
        all(&html, "p.lead")
    );
    let (all_of_them, folded) = (all(&html, "ul.goals > li h3"), all(&html, "details.brief ul.goals > li h3"));
    assert_eq!((all_of_them.len(), folded.len()), (5, 2));
    assert!(all_of_them[..3].iter().all(|goal| goal.contains("未达标")), "{all_of_them:?}");
    // Of what is reached the finding says so, and no tag again.
    assert!(folded.iter().all(|goal| goal.contains("已达到目标") && !goal.contains("已达标")), "{folded:?}");

    // On the wall each bar has its state in a word beside it.
    let answer = world.get("zhou", "/screen?unit=500999001&year=2021").await;
    let html = check(&answer);
    let states = all(&html, ".wall-goals .bar-and-state > .state");
    assert_eq!(states, ["未达标", "未达标", "未达标", "已达标", "已达标"]);

    // The page of goals says once per group what they are based on, and once of each what it is.
    let answer = world.get("zhou", "/goals?unit=500999001&year=2021").await;
    let html = check(&answer);
    let headings = all(&html, "main h2");
    let at = |text: &str| headings.iter().position(|own| own == text).unwrap_or_else(|| panic!("{headings:?}"));
    assert!(at("落后或未达标（3项）") < at("已达标（2项）"));
    assert_eq!(answer.text.matches("镇发〔2021〕3号").count(), 2, "{}", answer.text);
    assert!(all(&html, "article.goal").iter().all(|card| card.matches("已达标").count() <= 1));
}

#[tokio::test]
async fn a_county_without_goals_of_its_own_tells_how_its_towns_stand() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    let page = world.get("zhao", "/?unit=500999&year=2021").await.text;
    assert!(page.contains("还没有定目标"), "{page}");
    goals(&world).await;
    let page = world.get("zhao", "/?unit=500999&year=2021").await.text;
    assert!(page.contains("青山县没有自己的目标；下面1个单位定了：青山镇。"), "{page}");
    assert!(page.contains("href=\"/goals?unit=500999&amp;year=2021\""), "{page}");
    let answer = world.get("zhao", "/goals?unit=500999&year=2021").await;
    let html = check(&answer);
    assert!(answer.text.contains("1个单位定了目标，其中1个有落后或未达标的"), "{}", answer.text);
    assert_eq!(all(&html, "table tbody tr").concat(), "青山镇523");
}

#[tokio::test]
async fn a_village_reads_its_own_count_and_the_town_which_village_a_share_lacks() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        for (unit, days) in [("500999001201", 4), ("500999001202", 2), ("500999001203", 4)] {
            for day in 1..=days {
                let body = serde_json::json!({
                    "id": uuid::Uuid::now_v7(), "unit": unit, "date": format!("2021-0{day}-05"),
                    "quantities": [{ "measure": "village_visit", "value": 1, "precision": "exact" }],
                });
                let answer = world.post("qian", "/api/v1/activities", body).await;
                assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
            }
        }
        let body = serde_json::json!({
            "plan": "plan-8", "indicator": "villages_visited", "unit": "500999001", "value": 1.0, "basis": "镇发〔2021〕3号",
        });
        assert_eq!(world.post("qian", "/api/v1/targets", body).await.status, StatusCode::CREATED);
        let html = check(&world.get("sun", "/?year=2021").await);
        let goals = all(&html, "ul.goals > li h3");
        assert!(goals[0].contains("4次，已达到（4次）"), "{goals:?}");
        let html = check(&world.get("li", "/?year=2021").await);
        let goals = all(&html, "ul.goals > li h3");
        assert!(goals[0].contains("2次，未达标，差2次"), "{goals:?}");
        let page = check(&world.get("li", "/goals?year=2021").await);
        let card = all(&page, "article.goal").concat();
        assert!(card.contains("差2次") && !card.contains('%') && !card.contains("个村"), "{card}");
        for address in ["/?unit=500999001&year=2021", "/screen?unit=500999001&year=2021"] {
            let html = check(&world.get("zhou", address).await);
            let lacking = all(&html, "ul.lacking li");
            assert!(lacking.len() == 1 && lacking[0].ends_with("还差1个村：两河村（2次，应4次）"), "{lacking:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn where_no_campaign_is_next_the_key_dates_ahead_stand() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    let mut seen = 0;
    let year = chrono::Datelike::year(&crate::server::clock::today());
    for page in ["/", "/screen"] {
        let answer = world.get("zhou", &format!("{page}?unit=500999001&year={year}")).await;
        let html = check(&answer);
        let links = Selector::parse("ul.agenda a[href^='/key-dates/']").expect("a selector");
        // Whatever day it is: either dates with their links are there, or none is near.
        match html.select(&links).next().and_then(|link| link.value().attr("href")) {
            Some(link) => {
                let page = world.get("zhou", link).await;
                assert_eq!(page.status, StatusCode::OK, "{link}");
                seen += 1;
            }
            None => assert!(answer.text.contains("接下来没有专项宣传。"), "{}", answer.text),
        }
    }
    assert!(seen != 1, "both pages say the same");
}
