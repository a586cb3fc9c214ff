//! A county's forms whose columns are months or villages.

use super::{
    sample::{form_across, upload},
    tests::{LIANGHE, TIANPING, TOWN, cells, year},
};
use crate::server::testing::{World, each_engine};
use axum::http::StatusCode;
use calamine::Data;

const MONTHS: [&str; 13] =
    ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月", "合计"];

/// Sends a form for the town and reads its cells filled for 2021; and the page that shows what was recognised.
async fn filled(world: &World, form: &[u8]) -> (std::collections::BTreeMap<(u32, u32), Data>, String) {
    let answer = upload(world, "qian", &format!("/tables/templates?unit={TOWN}"), "区表.xlsx", form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = answer.header("location").to_owned();
    let shown = world.get("qian", &page).await.text;
    let file = world.get("qian", &format!("{page}/filled.xlsx?year=2021")).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text);
    (cells(&file.bytes, "统计"), shown)
}

#[tokio::test]
async fn months_as_columns_are_recognised_and_filled() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        year(&world).await;
        let rows = [("悬挂横幅", "条"), ("广播", "次"), ("LED播放", "次"), ("其他工作", "")];
        let (is, shown) = filled(&world, &form_across("普法工作月报", &MONTHS, &rows)).await;
        for words in ["value=\"banner\"", "value=\"broadcast\"", "value=\"led\"", "name=\"t.3\"", "name=\"f.3\""] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let row = |row: u32| -> Vec<Option<&Data>> { (3..16).map(|column| is.get(&(row, column))).collect() };
        let numbers = |numbers: [i32; 13]| numbers.map(|number| Data::Float(f64::from(number)));
        let same = |found: Vec<Option<&Data>>, expected: [Data; 13]| {
            assert_eq!(found, expected.iter().map(Some).collect::<Vec<_>>());
        };
        same(row(2), numbers([8, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 15]));
        same(row(3), numbers([0, 0, 14, 6, 0, 0, 0, 0, 0, 0, 0, 0, 20]));
        same(row(4), numbers([4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 10]));
        assert!(row(5).iter().all(Option::is_none), "what nobody counts is left as it was");
    })
    .await;
}

#[tokio::test]
async fn villages_as_columns_and_villages_month_by_month_too() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        year(&world).await;
        let columns = ["天坪村", "两河村委会", "青山镇本级", "合计"];
        let (is, shown) = filled(&world, &form_across("统计表", &columns, &[("横幅", "条")])).await;
        assert!(shown.contains(TIANPING) && shown.contains(LIANGHE));
        let found: Vec<&Data> = (3..7).map(|column| &is[&(2, column)]).collect();
        assert_eq!(found, [3.0, 5.0, 7.0, 15.0].map(Data::Float).each_ref());

        // The title says of what; each row is a village.
        let rows = [("天坪村", "次"), ("两河村", "次"), ("合计", "次")];
        let (is, _) = filled(&world, &form_across("各村LED播放情况统计表", &MONTHS, &rows)).await;
        let of = |row: u32| [&is[&(row, 3)], &is[&(row, 14)], &is[&(row, 15)]];
        assert_eq!(of(2), [4.0, 0.0, 4.0].map(Data::Float).each_ref());
        assert_eq!(of(3), [0.0, 6.0, 6.0].map(Data::Float).each_ref());
        assert_eq!(of(4), [4.0, 6.0, 10.0].map(Data::Float).each_ref());
    })
    .await;
}
