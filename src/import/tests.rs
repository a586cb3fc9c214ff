//! Ledgers as offices make them, each really different, and what becomes of them.

use super::sample_tests::{TIANPING, TOWN, entries, import, outcome, write, xlsx};
use crate::{
    activity,
    server::testing::{World, each_engine, sqlite},
};
use encoding_rs::GB18030;
use rust_xlsxwriter::Workbook;

/// Scenario 11: 37 rows of a town.
fn the_towns_ledger() -> Vec<u8> {
    let mut grid = String::from(
        "青山镇2021年法治宣传工作台账\n\
         序号|日期|村（社区）|横幅（条）|宣传资料（份）|进村宣传（次）|广播（次）|受教育人次|备注\n",
    );
    let special = [
        "2021.12.4|天坪村|150余|约200|#0||#60|宪法宣传周",
        "2021年11月5日|两河村|2|7000份以上|上百次||0|",
        "12月6日|大佛村|#3|一千余|1|上百次|1.2万余|",
        "2021.13.45|天坪村|#2|#20||||",
        "2021.5.6|火星村|#2|#20||||",
        "2021.5.7|天坪村|若干|#20||||",
    ];
    for number in 1..=37_usize {
        let row = match special.get(number - 1) {
            Some(row) => (*row).to_owned(),
            None => format!("2021/{}/{}|两河村|#1|#{}||||", number % 12 + 1, number % 28 + 1, number + 10),
        };
        grid.push_str(&format!("#{number}|{row}\n"));
    }
    xlsx("台账", &grid, &[(0, 0, 0, 8)])
}

#[tokio::test]
async fn of_37_rows_34_go_in_with_their_precision_and_the_same_file_again_adds_nothing() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let done = import(&world.db, "台账.xlsx", &the_towns_ledger(), TOWN).await.expect("a ledger");
        let (accepted, refused, already, told) = outcome(&done);
        assert_eq!((accepted, refused, already), (34, 3, 0), "{told:?}");
        assert_eq!(told.len(), 3);
        assert!(told[0].starts_with("台账!B6: “2021.13.45”"), "{told:?}");
        assert!(told[1].starts_with("台账!C7: ") && told[1].contains("火星村"), "{told:?}");
        assert!(told[2].starts_with("台账!D8: “若干”"), "{told:?}");
        let all = entries(&world.db).await;
        for expected in [
            "2021-12-04 500999001201 banner banner=150(at_least) leaflet=200(estimate) attendance=60",
            "2021-11-05 500999001202 village_visit banner=2 leaflet=7000(at_least) village_visit=100(at_least)",
            "2021-12-06 500999001203 village_visit banner=3 leaflet=1000(at_least) village_visit=1 \
             broadcast=100(at_least) attendance=12000(at_least)",
        ] {
            assert!(all.contains(&expected.to_owned()), "{expected} is not in {all:#?}");
        }
        let again = import(&world.db, "另存.xlsx", &the_towns_ledger(), TOWN).await.expect("a ledger");
        assert_eq!(outcome(&again).0, 0);
        assert_eq!((outcome(&again).1, outcome(&again).2), (3, 34));
        assert_eq!(entries(&world.db).await.len(), 34);
        let findings = activity::check::check(&world.db).await.expect("a check");
        assert_eq!((findings.activities, findings.differences), (34, vec![]));
    })
    .await;
}

#[tokio::test]
async fn merged_heads_and_villages_sums_and_notes() {
    let world = World::new(sqlite().await).await;
    let grid = "
青山镇普法宣传统计表（2021年）
序号|村（社区）|宣传时间|横幅||宣传资料||受教育人数（人次）
|||数量|内容|份数|种类|
#1|天坪村|@2021-03-04|#2|宪法在我心中|#100|民法典|#30
#2||@2021-03-08|#1|反对家庭暴力|#50||#20
#3|两河村|44260|3条|禁毒|约80||
||小计|#6||#230||#50
合计|||#6||#230||#50

注：以上数据截至2021年12月31日
填表人：孙丽|||审核人：钱芳";
    let merges = [
        (0, 0, 0, 7),
        (1, 0, 2, 0),
        (1, 1, 2, 1),
        (1, 2, 2, 2),
        (1, 3, 1, 4),
        (1, 5, 1, 6),
        (1, 7, 2, 7),
        (3, 1, 4, 1),
    ];
    let done = import(&world.db, "统计表.xlsx", &xlsx("Sheet1", grid, &merges), TOWN).await.expect("a ledger");
    assert_eq!(outcome(&done), (3, 0, 0, vec![]));
    assert_eq!(
        entries(&world.db).await,
        [
            "2021-03-04 500999001201 banner banner=2 leaflet=100 attendance=30",
            "2021-03-05 500999001202 banner banner=3 leaflet=80(estimate)",
            "2021-03-08 500999001201 banner banner=1 leaflet=50 attendance=20",
        ]
    );
    let skipped: usize = done.findings.skipped.values().map(|(count, _)| count).sum();
    assert_eq!(skipped, 4, "{:?}", done.findings.skipped);
}

#[tokio::test]
async fn a_sheet_for_each_village_and_the_year_in_the_files_name() {
    let world = World::new(sqlite().await).await;
    let mut book = Workbook::new();
    for (name, grid) in [
        ("天坪村", "时间|地点|坝坝会|参与人次|传单\n12月4日|村委会|#1|#45|#100\n12.5|村小|#1|三十余|\n"),
        ("两河", "两河村法治宣传\n时间|地点|坝坝会|参与人次|传单\n2月29日||#1|#20|\n11月30日|院坝|#2|#20|#30\n"),
        ("填表说明", "请如实填写\n每月25日前报送\n"),
    ] {
        write(book.add_worksheet().set_name(name).expect("a name"), grid, &[]);
    }
    let hidden = book.add_worksheet().set_name("旧表").expect("a name").set_hidden(true);
    write(hidden, "时间|横幅\n12月4日|#9\n", &[]);
    let bytes = book.save_to_buffer().expect("a file");
    let done = import(&world.db, "2021年各村台账.xlsx", &bytes, TOWN).await.expect("a ledger");
    let (accepted, refused, _, told) = outcome(&done);
    assert_eq!((accepted, refused), (3, 1), "{told:?}");
    assert!(told[0].starts_with("两河!A3: “2月29日”"), "{told:?}");
    assert_eq!(
        entries(&world.db).await,
        [
            "2021-11-30 500999001202 lecture lecture=2 attendance=20 leaflet=30",
            "2021-12-04 500999001201 lecture lecture=1 attendance=45 leaflet=100",
            "2021-12-05 500999001201 lecture lecture=1 attendance=30(at_least)",
        ]
    );
}

#[tokio::test]
async fn the_long_form_in_the_encoding_of_old_machines() {
    let world = World::new(sqlite().await).await;
    let text = "活动日期;单位;项目;数量;单位;经办人\r\n\
                20211204;天坪村村民委员会;悬挂横幅;2;条;孙丽\r\n\
                20211204;天坪村村民委员会;发放宣传资料;120余;份;孙丽\r\n\
                44536;500999001202;法律咨询;15;人次;李强\r\n\
                2021-12-07;大佛村委会;放烟花;1;次;\r\n";
    let bytes = GB18030.encode(text).0;
    let done = import(&world.db, "台账.csv", &bytes, TOWN).await.expect("a ledger");
    let (accepted, refused, _, told) = outcome(&done);
    assert_eq!((accepted, refused), (3, 1), "{told:?}");
    assert!(told[0].starts_with("台账!C5: ") && told[0].contains("放烟花"), "{told:?}");
    assert_eq!(
        entries(&world.db).await,
        [
            "2021-12-04 500999001201 banner banner=2",
            "2021-12-04 500999001201 leaflet leaflet=120(at_least)",
            "2021-12-06 500999001202 consultation consultation=15",
        ]
    );
}

#[tokio::test]
async fn rows_pasted_with_tabs_lose_their_merged_cells_and_blanks_stand_for_the_cell_above() {
    let world = World::new(sqlite().await).await;
    let text = "日期\t村\t形式\t次数\t参加人数\n\
                2021年6月24日\t天坪村\t院坝会\t1\t45\n\
                \t两河村\t院坝会\t1\t３０\n\
                \t大佛村\t广播\t7\t\n\
                2021年6月26日\t天坪村3组\t入户宣传\t12户\t\n";
    let done = import(&world.db, "paste.txt", text.as_bytes(), TOWN).await.expect("a ledger");
    assert_eq!(outcome(&done), (4, 0, 0, vec![]));
    assert_eq!(
        entries(&world.db).await,
        [
            "2021-06-24 500999001201 lecture attendance=45 lecture=1",
            "2021-06-24 500999001202 lecture attendance=30 lecture=1",
            "2021-06-24 500999001203 broadcast broadcast=7",
            "2021-06-26 500999001201 household_visit household_visit=12",
        ]
    );
}

#[tokio::test]
async fn month_and_day_in_columns_of_their_own_below_a_head_of_two_rows_in_csv() {
    let world = World::new(sqlite().await).await;
    let text = "2021年天坪村普法记录,,,,,,\n\
                时间,,宣传形式及数量,,,主题,备注\n\
                月,日,标语（条）,资料（份）,宣讲（场）,,\n\
                3,8,2,,1,反家暴,妇女节\n\
                3月,15日,,200,,消费者权益,\n\
                4,31,1,,,,\n";
    let done = import(&world.db, "记录.csv", text.as_bytes(), TIANPING).await.expect("a ledger");
    let (accepted, refused, _, told) = outcome(&done);
    assert_eq!((accepted, refused), (2, 1), "{told:?}");
    assert!(told[0].starts_with("记录!B6"), "{told:?}");
    assert_eq!(
        entries(&world.db).await,
        ["2021-03-08 500999001201 banner banner=2 lecture=1", "2021-03-15 500999001201 leaflet leaflet=200"]
    );
    let drafts = super::sample_tests::drafts(&world.db).await;
    let women = drafts.iter().find(|draft| draft.note == "妇女节").expect("the first row");
    assert_eq!(women.themes, ["family"]);
}

#[tokio::test]
async fn a_row_for_several_villages_says_each_or_together_or_is_asked() {
    let world = World::new(sqlite().await).await;
    let grid = "日期|单位|横幅|资料|备注
2021-12-04|天坪村、两河村|#1|每村各50份|
2021-12-05|各村|#3|#500|合计
2021-12-06|天坪村、两河村|#2||
2021-12-07|青山镇|#1||镇上赶场
2021-12-08|天坪村、月亮村|#2||合计";
    let done = import(&world.db, "台账.xlsx", &xlsx("12月", grid, &[]), TOWN).await.expect("a ledger");
    let (accepted, refused, _, told) = outcome(&done);
    assert_eq!((accepted, refused), (3, 2), "{told:?}");
    assert!(told[0].starts_with("12月!B4: ") && told[0].contains("每村各"), "{told:?}");
    assert!(told[1].contains("月亮村"), "{told:?}");
    assert_eq!(
        entries(&world.db).await,
        [
            "2021-12-04 500999001201 banner banner=1 leaflet=50",
            "2021-12-04 500999001202 banner banner=1 leaflet=50",
            "2021-12-05 500999001 banner banner=3 leaflet=500",
            "2021-12-07 500999001 banner banner=1",
        ]
    );
    let together = super::sample_tests::drafts(&world.db).await.into_iter().find(|draft| !draft.covers.is_empty());
    assert_eq!(together.expect("the row together").covers, [TIANPING, "500999001202", "500999001203"]);
}

#[tokio::test]
async fn an_activity_log_with_words_around_the_counts() {
    let world = World::new(sqlite().await).await;
    let grid = "活动时间|活动地点|活动类型|宣传主题|主办单位|协办单位|LED（次）|活动内容|参与人次|照片
11月29日—12月5日|镇政府广场|LED播放|宪法|司法所|派出所、青山小学|14|滚动播放宪法标语||见附件
2021年12月4日|市场|法律咨询|民法典、反诈|司法所|||设点咨询|约200|
2021年12月9日|市场|讲座|防溺水|司法所||||12月9日|";
    let bytes = xlsx("2021年", grid, &[]);
    let done = import(&world.db, "活动记录.xlsx", &bytes, TOWN).await.expect("a ledger");
    let (accepted, refused, _, told) = outcome(&done);
    assert_eq!((accepted, refused), (2, 1), "{told:?}");
    assert!(told[0].starts_with("2021年!I4"), "{told:?}");
    assert_eq!(
        entries(&world.db).await,
        ["2021-11-29–2021-12-05 500999001 led led=14", "2021-12-04 500999001 consultation attendance=200(estimate)"]
    );
    let drafts = super::sample_tests::drafts(&world.db).await;
    let led = drafts.iter().find(|draft| draft.date_to.is_some()).expect("the week");
    assert_eq!((led.place.as_str(), led.organiser.as_str()), ("镇政府广场", "司法所"));
    assert_eq!(
        (&led.co_organisers[..], &led.themes[..]),
        (&["派出所".into(), "青山小学".into()][..], &["constitution".into()][..])
    );
    assert_eq!(led.note, "滚动播放宪法标语");
    assert_eq!(super::words::left_out(&done.laid[0]), [("J".into(), "照片".into())]);
}

#[tokio::test]
async fn a_table_of_one_day_by_village_has_its_day_in_the_title() {
    let world = World::new(sqlite().await).await;
    let grid = "2021年12月4日国家宪法日宣传活动统计表
序号|村（社区）|悬挂横幅（条）|发放资料（份）|出动宣传车（台次）|受教育群众（人次）
#1|天坪|#2|#120||#60
#2|青山镇两河村|#1|#80|#1|#40
#3|大佛村|||| 
|合计|#3|#200|#1|#100";
    let done = import(&world.db, "统计.xlsx", &xlsx("Sheet1", grid, &[(0, 0, 0, 5)]), TOWN).await.expect("a ledger");
    assert_eq!(outcome(&done), (2, 0, 0, vec![]), "{:?}", done.findings.skipped);
    assert_eq!(
        entries(&world.db).await,
        [
            "2021-12-04 500999001201 banner banner=2 leaflet=120 attendance=60",
            "2021-12-04 500999001202 vehicle banner=1 leaflet=80 vehicle=1 attendance=40",
        ]
    );
}

#[tokio::test]
async fn what_was_counted_may_stand_among_the_contents() {
    let world = World::new(sqlite().await).await;
    let text = "开展时间,村（社区）名称,宣传内容,数量,备注\n\
                2021-12-04,天坪村,在村口和院坝悬挂横幅,3条,\n\
                2021-12-04,天坪村,发放宣传资料,200余份,宪法\n";
    let done = import(&world.db, "台账.csv", text.as_bytes(), TOWN).await.expect("a ledger");
    assert_eq!(outcome(&done), (2, 0, 0, vec![]));
    assert_eq!(
        entries(&world.db).await,
        ["2021-12-04 500999001201 banner banner=3", "2021-12-04 500999001201 leaflet leaflet=200(at_least)"]
    );
}

#[tokio::test]
async fn two_ledgers_on_one_sheet_and_the_head_again_on_each_printed_page() {
    let world = World::new(sqlite().await).await;
    let grid = "一、横幅悬挂情况（2021年）
日期|村|横幅
2021.3.1|天坪村|#2
日期|村|横幅
2021.3.2|两河村|#1

二、资料发放情况
日期|村|资料（份）|发放人
2021.3.1|天坪村|#100|孙丽";
    let done = import(&world.db, "台账.xlsx", &xlsx("Sheet1", grid, &[]), TOWN).await.expect("a ledger");
    assert_eq!(outcome(&done), (3, 0, 0, vec![]));
    assert_eq!(entries(&world.db).await.len(), 3);
}

#[tokio::test]
async fn what_belongs_to_nobody_here_is_refused_and_what_lies_ahead_too() {
    let world = World::new(sqlite().await).await;
    let text = "日期,单位,横幅,单价\n2022-01-04,天坪村,2,30\n2021-12-04,两河村,2,30\n2021-12-04,天坪村,20000000,30\n2021-12-04,天坪村,2,30\n";
    let done = import(&world.db, "台账.csv", text.as_bytes(), TIANPING).await.expect("a ledger");
    let (accepted, refused, _, told) = outcome(&done);
    assert_eq!((accepted, refused), (1, 3), "{told:?}");
    let cells: Vec<&str> = told.iter().filter_map(|told| told.split(':').next()).collect();
    assert_eq!(cells, ["台账!A2", "台账!B3", "台账!C4"]);
    let error = import(&world.db, "a.csv", b"a,b\n1,2\n", TIANPING).await.expect_err("no ledger");
    assert!(error.to_string().contains("没有找到台账"), "{error}");
    let error = import(&world.db, "a.csv", text.as_bytes(), "nowhere").await.expect_err("no unit");
    assert!(error.to_string().contains("nowhere"), "{error}");
}

#[tokio::test]
async fn a_row_that_stands_twice_is_one_and_a_sheet_that_repeats_another_adds_nothing() {
    let world = World::new(sqlite().await).await;
    let grid = "日期|村|横幅\n2021.3.1|天坪村|#2\n2021.3.1|天坪村|#2\n";
    let mut book = Workbook::new();
    for name in ["一季度", "全年"] {
        write(book.add_worksheet().set_name(name).expect("a name"), grid, &[]);
    }
    let bytes = book.save_to_buffer().expect("a file");
    let done = import(&world.db, "台账.xlsx", &bytes, TOWN).await.expect("a ledger");
    // The second sheet repeats both rows of the first, also the one that was left out.
    assert_eq!(outcome(&done), (1, 0, 2, vec![]));
    assert_eq!(done.findings.same, (1, vec!["一季度!第 3 行".into()]));
    assert_eq!(entries(&world.db).await.len(), 1);
    // The same rows in another kind of file, the columns in another order.
    let text = "村,日期,横幅\n天坪村,2021-03-01,2条\n天坪村,2021年3月1日,2\n";
    let done = import(&world.db, "台账.csv", text.as_bytes(), TOWN).await.expect("a ledger");
    assert_eq!(outcome(&done), (0, 0, 1, vec![]));
}
