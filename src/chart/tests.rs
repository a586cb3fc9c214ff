//! What holds for every chart, and what each one shows.

use super::{
    Chart, Touch,
    bullet::{Bar, Bullet, bullet},
    grid::{Cell, Grid, Group, Row, grid},
    months::{Months, Series, months},
    parts::{Part, Parts, parts},
};
use scraper::{Html, Selector};

fn touch(title: &str) -> Touch {
    Touch { title: title.into(), href: Some(format!("/activities?unit=500113108&title={title}")) }
}

/// What holds for every chart: whole, no colour of its own, a title in each mark, a name, no figure that is none.
fn check(chart: &Chart) {
    let mut fits_a_phone = false;
    for drawing in &chart.drawings {
        assert!(drawing.starts_with("<svg") && drawing.ends_with("</svg>"), "{drawing}");
        for word in ["NaN", "inf", "fill=", "stroke=", "style=", "rgb", "#000"] {
            assert!(!drawing.contains(word), "{word} in {drawing}");
        }
        let html = Html::parse_fragment(drawing);
        let all = |selector: &str| Selector::parse(selector).expect("a selector");
        let root = html.select(&all("svg")).next().expect("one drawing");
        let own = root.value().attr("width").and_then(|width| width.parse::<i32>().ok()).expect("a width");
        let width = if drawing.contains("class=\"chart wide") { 560 } else { 400 };
        assert!(own <= width, "{own} px");
        fits_a_phone |= own <= 320 || drawing.contains("preserveAspectRatio=\"none\"");
        assert!(root.value().attr("aria-label").is_some_and(|label| !label.is_empty()));
        for mark in html.select(&all("a, g")) {
            let title = mark.select(&all("title")).next().expect("a title in each mark");
            assert!(!title.inner_html().is_empty());
        }
        for rect in html.select(&all("rect")) {
            let number =
                |name: &str| rect.value().attr(name).and_then(|text| text.parse::<i32>().ok()).expect("a number");
            assert!(number("width") >= 0 && number("height") >= 0, "{drawing}");
            assert!(number("x") + number("width") <= own, "{} reaches out of {own}: {drawing}", number("x"));
            assert!(rect.parent().is_some_and(|parent| parent.value().as_element().is_some_and(|e| e.name() != "svg")));
        }
    }
    assert!(fits_a_phone || chart.drawings.is_empty());
}

#[test]
fn a_bullet_shows_its_parts_the_target_and_what_is_due() {
    let bar = |value, title| Bar { value, touch: touch(title) };
    let chart = bullet(&Bullet {
        label: "宣传资料完成72%".into(),
        exact: bar(4_000.0, "确数"),
        at_least: bar(1_000.0, "以上"),
        estimate: bar(60.0, "约"),
        target: bar(7_000.0, "目标7000份"),
        due: Some(bar(4_900.0, "今日应有4900份")),
    });
    check(&chart);
    for class in ["mark exact", "mark at-least", "mark estimate", "hatch", "target", "due"] {
        assert!(chart.drawings[0].contains(&format!("class=\"{class}\"")), "{class}");
    }
}

#[test]
fn a_bullet_without_anything_is_still_a_drawing() {
    check(&bullet(&Bullet {
        label: "横幅".into(),
        exact: Bar { value: 0.0, touch: touch("0") },
        target: Bar { value: 0.0, touch: touch("0") },
        ..Bullet::default()
    }));
}

#[test]
fn months_are_stacked_and_the_empty_ones_stay_empty() {
    let series = |name: &str, factor: i64| Series {
        name: name.into(),
        values: (0..12).map(|n| (if n == 1 { 0 } else { n * factor }, touch(name))).collect(),
    };
    let chart = months(&Months {
        label: "12月最多".into(),
        months: (1..=12).map(|n| format!("{n}月")).collect(),
        columns: (0..12).map(|n| if n == 1 { 0 } else { n * 2 }).collect(),
        series: vec![series("横幅", 3), series("新时代文明实践所法治文化广场阵地建设", 1), series("讲座", 100_000)],
    });
    check(&chart);
    assert_eq!(chart.drawings[0].matches("class=\"mark s2\"").count(), 1 + 10);
    check(&months(&Months {
        label: "没有".into(), months: vec!["1月".into()], columns: vec![0], series: Vec::new()
    }));
}

#[test]
fn the_grid_has_a_cell_per_village_and_month_in_halves_of_a_year() {
    let row = |name: &str, first: Cell| Row {
        name: name.into(),
        touch: touch(name),
        cells: std::iter::once(first)
            .chain((2..12).map(|n| if n % 3 == 0 { Cell::Gap(touch("缺")) } else { Cell::Figure(n, touch("有")) }))
            .chain([Cell::Ahead(touch("未到"))])
            .collect(),
    };
    let chart = grid(&Grid {
        label: "12个村，3个未覆盖".into(),
        columns: (1..=12).map(|n| format!("{n}月")).collect(),
        groups: vec![
            Group { title: "未覆盖".into(), rows: vec![row("天坪村", Cell::Absent)] },
            Group { title: "部分".into(), rows: Vec::new() },
            Group {
                title: "全覆盖".into(),
                rows: vec![row("新时代文明实践所法治文化广场", Cell::Figure(12_345_678, touch("多")))],
            },
        ],
    });
    check(&chart);
    let whole = chart.drawings.concat();
    assert_eq!(chart.drawings.len(), 2);
    assert_eq!(whole.matches("class=\"cell gap\"").count(), 6);
    assert_eq!(whole.matches("class=\"cell ahead\"").count(), 2);
    assert!(whole.contains(">12345678</text>"));
    assert!(!whole.contains(">部分<"));
    assert!(chart.drawings[0].contains(">6月</text>") && chart.drawings[1].contains(">7月</text>"));
    // The long name is whole: on two lines.
    assert!(whole.contains(">新时代文明实践") && whole.contains("广场</text>"), "{whole}");
    check(&grid(&Grid { label: "没有村".into(), ..Grid::default() }));
}

#[test]
fn parts_stand_in_the_order_given() {
    let part =
        |name: &str, value: i64| Part { name: name.into(), value, figure: format!("{value}场"), touch: touch(name) };
    let chart = parts(&Parts {
        label: "禁毒最多".into(),
        parts: vec![part("禁毒", 5), part("安全", 50), part("宪法", 0)],
    });
    check(&chart);
    assert!(chart.drawings[0].find(">禁毒</text>") < chart.drawings[0].find(">安全</text>"));
    check(&parts(&Parts { label: "没有".into(), parts: Vec::new() }));
}
