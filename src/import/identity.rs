//! What a row is known by, and which cell a problem of the rules stands in.

use super::table::Table;
use crate::domain::alias::head::Field;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The id of a row: of its content, of how often it stood there, and of how often its import was undone.
pub fn id_of(content: &[u8; 32], occurrence: u32, round: u32) -> Uuid {
    let digest = Sha256::new()
        .chain_update(b"pufa import")
        .chain_update(content)
        .chain_update(occurrence.to_le_bytes())
        .chain_update(round.to_le_bytes())
        .finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The column that a problem of the rules stands in.
pub fn column_of(table: &Table, columns: &[u16], field: &str) -> Option<u16> {
    if let Some(rest) = field.strip_prefix("quantities[") {
        let index: usize = rest.split(']').next()?.parse().ok()?;
        return columns.get(index).copied();
    }
    let name = field.split('[').next().unwrap_or(field);
    let wanted = match name {
        "date" => Field::Date,
        "date_to" => table.column(Field::DateTo).map_or(Field::Date, |_| Field::DateTo),
        "type" => Field::Kind,
        "unit" | "covers" => Field::Unit,
        "themes" => Field::Theme,
        "campaigns" => Field::Campaign,
        "quantities" => return columns.first().copied(),
        other => Field::from_key(other)?,
    };
    table.column(wanted).map(|column| column.index)
}
