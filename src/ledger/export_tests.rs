//! The exports opened again: what a spreadsheet gets is what the page shows, and its sums are the page's.

use super::tests::{TIANPING, book, log};
use crate::server::testing::{World, each_engine, sqlite, token};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use calamine::{Data, Reader, Xlsx};
use serde_json::json;
use std::io::Cursor;
use tower::ServiceExt;

/// The workbook at an address, opened by another program than the one that wrote it.
pub async fn workbook(world: &World, who: &str, address: &str) -> Xlsx<Cursor<Vec<u8>>> {
    let request = Request::builder().uri(address).header(header::AUTHORIZATION, format!("Bearer {}", token(who)));
    let request = request.body(Body::empty()).expect("a request");
    let answer = world.router.clone().oneshot(request).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK, "{address}");
    let disposition = answer.headers()[header::CONTENT_DISPOSITION].to_str().expect("a header").to_owned();
    assert!(disposition.starts_with("attachment; ") && disposition.contains(".xlsx"), "{disposition}");
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a whole file");
    Xlsx::new(Cursor::new(bytes.to_vec())).expect("a workbook")
}

fn text(cell: Option<&Data>) -> String {
    cell.map(ToString::to_string).unwrap_or_default()
}

#[tokio::test]
async fn a_workbook_has_a_row_an_entry_real_numbers_and_the_pages_totals() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        book(&world).await;
        let mut workbook = workbook(&world, "qian", "/activities.xlsx?year=2021&sort=day").await;
        assert_eq!(workbook.sheet_names(), ["台账", "说明"]);
        let sheet = workbook.worksheet_range("台账").expect("the entries");
        let heads: Vec<String> = sheet.rows().next().expect("a head").iter().map(ToString::to_string).collect();
        let column =
            |name: &str| heads.iter().position(|head| head == name).unwrap_or_else(|| panic!("{name}: {heads:?}"));
        let (banner, leaflet) = (column("横幅/标语（条）"), column("宣传资料（份）"));
        let rows: Vec<&[Data]> = sheet.rows().skip(1).collect();
        // Three entries, their sum, and what of it is at least and estimated.
        assert_eq!(rows.len(), 6);
        let banners: Vec<&Data> = rows.iter().map(|row| &row[banner]).collect();
        let sum = |part: f64| Data::Float(part);
        assert_eq!(banners[..3], [&sum(100.0), &sum(3.0), &sum(20.0)], "in the order asked for");
        assert_eq!(text(Some(banners[3])).parse::<f64>().expect("a cached sum"), 123.0);
        assert_eq!(banners[4..], [&sum(0.0), &sum(20.0)]);
        assert_eq!(text(Some(&rows[3][leaflet])).parse::<f64>().expect("a sum"), 120.0);
        assert_eq!(rows[4][leaflet], sum(120.0));
        assert!(matches!(rows[0][0], Data::DateTime(_)), "{:?}", rows[0][0]);
        assert_eq!(rows[1][column("备注")], Data::String("=1+1".into()), "a text, no formula");
        let id = text(Some(&rows[0][column("编号")]));
        assert!(id.parse::<uuid::Uuid>().is_ok(), "{id}");
        assert_eq!(text(Some(&rows[3][0])), "合计");
        let formulas = workbook.worksheet_formula("台账").expect("the formulas");
        let formulas: Vec<&String> =
            formulas.cells().map(|(_, _, formula)| formula).filter(|one| !one.is_empty()).collect();
        assert!(formulas.iter().all(|one| one.starts_with("SUBTOTAL(109,")), "{formulas:?}");
        let explanation = workbook.worksheet_range("说明").expect("the explanation");
        let words: String = explanation.cells().map(|(_, _, cell)| format!("{cell}\n")).collect();
        for word in ["青山镇", "2021年", "钱芳", "至少", "估计", "统计口径"] {
            assert!(words.contains(word), "{word}: {words}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_export_follows_the_filter_and_the_columns() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    let mut workbook = workbook(&world, "qian", "/activities.xlsx?theme=drugs&col=unit&col=m.leaflet&lang=en").await;
    let sheet = workbook.worksheet_range("ledger").expect("the entries");
    let heads: Vec<String> = sheet.rows().next().expect("a head").iter().map(ToString::to_string).collect();
    assert_eq!(
        heads,
        ["Date", "date_to", "Unit", "unit_code", "Leaflets (pcs)", "version", "id"].map(|head| match head {
            "Leaflets (pcs)" => heads[4].as_str(),
            head => head,
        })
    );
    assert_eq!(sheet.rows().count(), 1 + 1 + 3);
    let answer = world.get("qian", "/activities.csv?theme=drugs&col=unit&sort=day").await;
    let table = answer.text.trim_start_matches('\u{feff}');
    assert_eq!(table.lines().next().expect("a head"), "编号,日期,结束日期,单位代码,单位,统计项目,数量,口径");
    assert_eq!(table.lines().count(), 3);
    // A cadre's own village, nobody else's.
    let answer = world.get("sun", "/activities.xlsx?unit=500999001").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_long_ledger_goes_into_one_sheet() {
    let world = World::new(sqlite().await).await;
    log(
        &world,
        "sun",
        TIANPING,
        "2021-06-01",
        json!([{ "measure": "banner", "value": 1, "precision": "exact" }]),
        json!({}),
    )
    .await;
    crate::activity::generate::generate(&world.db, None, 2_500, 1).await.expect("many entries");
    let page = world.get("qian", "/activities").await.text;
    assert!(page.contains("2501"), "the page counts them");
    let mut workbook = workbook(&world, "qian", "/activities.xlsx?sort=unit").await;
    let sheet = workbook.worksheet_range("台账").expect("the entries");
    assert_eq!(sheet.rows().count(), 1 + 2_501 + 3);
    let ids: std::collections::BTreeSet<String> =
        sheet.rows().skip(1).take(2_501).map(|row| text(row.last())).collect();
    assert_eq!(ids.len(), 2_501, "each entry once");
}
