//! Who may read an entry, as SQL: one rule for the ledger and for the evidence behind it.

/// Adds: the entry's unit lies in the scope, or a co-organiser's unit does.
macro_rules! push_readable {
    ($query:expr, $scope:expr) => {
        $query.push("(");
        $crate::push_scope!($query, "unit.path", $scope);
        $query.push(
            " or exists (select 1 from activity_co_organiser co join unit helper on helper.id = co.unit_id \
             where co.activity_id = activity.id and ",
        );
        $crate::push_scope!($query, "helper.path", $scope);
        $query.push("))");
    };
}
pub(crate) use push_readable;
