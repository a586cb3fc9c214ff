//! What holds for every chart, and what each one shows.

use super::{
    Boundary, Chart, Touch,
    bullet::{Bar, Bullet, Range, bullet},
    grid::{Cell, Grid, Group, Row, grid, matrix, wall},
    months::{Months, Series, months},
    panels::{Column, Panel, panels},
    parts::{Part, Parts, parts},
    years::{Year, Years, years},
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
        let width = match () {
            () if drawing.contains("class=\"chart on-wall") => 900,
            () if drawing.contains("class=\"chart wide") => 560,
            () => 400,
        };
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
        forecast: Some(Range { low: 6_800.0, high: 90_000.0, touch: touch("照此进度") }),
    });
    check(&chart);
    for class in ["forecast", "mark exact", "mark at-least", "mark estimate", "hatch", "target", "due"] {
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
        boundary: None,
    });
    check(&chart);
    assert_eq!(chart.drawings[0].matches("class=\"mark s2\"").count(), 1 + 10);
    check(&months(&Months {
        label: "没有".into(),
        months: vec!["1月".into()],
        columns: vec![0],
        series: Vec::new(),
        boundary: None,
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

#[test]
fn two_years_of_months_show_where_the_plan_begins() {
    let values = (0..24).map(|n| (n + 100, touch("横幅"))).collect();
    let chart = months(&Months {
        label: "12月最多".into(),
        months: (0..24).map(|n| format!("{}月", n % 12 + 1)).collect(),
        columns: (100..124).collect(),
        series: vec![Series { name: "横幅".into(), values }],
        boundary: Some(Boundary { before: 12, left: "八五普法".into(), right: "九五普法".into() }),
    });
    check(&chart);
    for drawing in &chart.drawings {
        assert_eq!(drawing.matches("class=\"boundary\"").count(), 1);
        assert!(drawing.contains(">八五普法</text>") && drawing.contains(">九五普法</text>"), "{drawing}");
        assert_eq!(drawing.matches("class=\"mark s0\"").count(), 1 + 24);
    }
    // On a phone a column is too narrow for its figure, which its title says.
    assert!(chart.drawings[0].contains(">123</text>") && !chart.drawings[1].contains(">123</text>"));
}

#[test]
fn a_grid_of_themes_has_room_for_their_names_and_hatches_what_does_not_suffice() {
    let row = Row {
        name: "天坪村".into(),
        touch: touch("天坪村"),
        cells: vec![
            Cell::Figure(3, touch("有面对面的")),
            Cell::Hatched(2, touch("只有横幅")),
            Cell::Ahead(Touch { title: "没有".into(), href: None }),
            Cell::Share(6, 12, touch("半数")),
            Cell::Share(12, 12, touch("全部")),
        ],
    };
    let columns = ["扫黑除恶专项斗争", "禁毒", "Prevention of telecom fraud", "宪法", "民法典"];
    let chart = matrix(&Grid {
        label: "1个村".into(),
        columns: columns.map(str::to_owned).to_vec(),
        groups: vec![Group { title: String::new(), rows: vec![row] }],
    });
    check(&chart);
    assert_eq!(chart.drawings.len(), 2, "four columns at once");
    let whole = chart.drawings.concat();
    assert!(whole.contains(">扫黑除恶</text>") && whole.contains(">专项斗争</text>"), "{whole}");
    assert_eq!((whole.matches("cell passive").count(), whole.matches("class=\"hatch\"").count()), (1, 1));
    assert_eq!((whole.matches("cell l2").count(), whole.matches("cell l4").count()), (1, 2));
    // The row's name stands in both parts and is reached once.
    assert_eq!(whole.matches("tabindex=\"-1\"").count(), 1);
}

#[test]
fn on_a_wall_a_grid_stands_whole_and_large() {
    let rows = |count: usize| {
        vec![
            Row { name: "天坪村".into(), touch: touch("村"), cells: vec![Cell::Figure(2, touch("有")); 12] };
            count
        ]
    };
    for count in [1, 17, 23] {
        let chart = wall(&Grid {
            label: "村".into(),
            columns: (1..=12).map(|n| format!("{n}月")).collect(),
            groups: vec![Group { title: "部分".into(), rows: rows(count) }],
        });
        check(&chart);
        assert_eq!(chart.drawings.len(), 3);
        let size = |text: &str| {
            text.split("font-size=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).min()
        };
        let least: i32 = size(&chart.drawings[0]).expect("texts");
        assert!(least >= 20, "{least} px with {count} rows");
    }
    // A long name stands on one line of its own row, shortened, and is whole in the row's title.
    let long = "新时代文明实践第一初级中学（示例）";
    let row = Row { name: long.into(), touch: touch(long), cells: vec![Cell::Figure(2, touch("有")); 12] };
    let chart = wall(&Grid {
        label: "学校".into(),
        columns: (1..=12).map(|n| format!("{n}月")).collect(),
        groups: vec![Group { title: String::new(), rows: vec![row; 20] }],
    });
    let whole = &chart.drawings[0];
    assert_eq!(whole.matches(">新时代文明…级中学</text>").count(), 20, "{whole}");
    assert!(whole.contains(&format!("<title>{long}</title>")), "{whole}");
}

#[test]
fn the_years_are_a_line_with_a_hollow_point_for_the_one_that_runs() {
    let year = |name: &str, value: i64, runs: bool| Year {
        name: name.into(),
        value: Some(value),
        figure: value.to_string(),
        runs,
        touch: touch(name),
    };
    let chart = years(&Years {
        label: "2023年最多".into(),
        years: vec![year("2024年", 0, false), year("2025年", 123_456, false), year("2026年", 12, true)],
        boundary: Some(Boundary { before: 2, left: "八五普法".into(), right: "九五普法".into() }),
    });
    check(&chart);
    let wide = &chart.drawings[0];
    assert_eq!((wide.matches("\"point\"").count(), wide.matches("\"point runs\"").count()), (2, 1));
    assert_eq!((wide.matches("class=\"line\"").count(), wide.matches("class=\"boundary\"").count()), (1, 1));
    // Each year is reached once, by its whole column.
    assert_eq!(wide.matches("<a href").count() - wide.matches("tabindex").count(), 3);
    check(&years(&Years { label: "没有".into(), ..Years::default() }));
    // A year without a figure is none of zero: the line goes as far as there are figures.
    let nothing = |name: &str| Year { value: None, figure: "–".into(), ..year(name, 0, false) };
    let drawn = |of: Vec<Year>| years(&Years { label: "年".into(), years: of, boundary: None }).drawings[0].clone();
    let broken = drawn(vec![year("1", 5, false), year("2", 7, false), nothing("3"), year("4", 6, false)]);
    assert_eq!((broken.matches("class=\"line\"").count(), broken.matches("\"point\"").count()), (1, 3));
    let alone = drawn(vec![year("1", 5, false), nothing("2")]);
    assert_eq!((alone.matches("class=\"line\"").count(), alone.matches("\"point\"").count()), (0, 1));
}

#[test]
fn panels_are_on_one_scale_and_say_how_sure_their_figures_are() {
    let panel = |name: &str, factor: i64| Panel {
        name: name.into(),
        figure: "1,203人次".into(),
        touch: touch(name),
        months: (0..12)
            .map(|n| Column { exact: n * factor, at_least: factor, estimate: i64::from(n == 3), touch: touch("月") })
            .collect(),
    };
    let chart = panels(&[panel("天坪村", 1), panel("新时代文明实践所法治文化广场", 100)]);
    check(&chart);
    assert_eq!(chart.drawings.len(), 2);
    let highest = |drawing: &str| {
        let heights = drawing.split("class=\"mark exact\"").skip(1);
        heights.filter_map(|rest| rest.split("height=\"").nth(1)?.split('"').next()?.parse::<i32>().ok()).max()
    };
    assert!(highest(&chart.drawings[0]) < Some(3) && highest(&chart.drawings[1]) > Some(40));
    assert_eq!(chart.drawings[0].matches("class=\"hatch\"").count(), 1);
    check(&panels(&[]));
}
