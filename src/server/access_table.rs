//! Who gets what at every address; [`super::access_tests`] drives it.

/// What each gets. `FORM` is a POST by a page, and fills it so that only the right to do it is missing. What is named
/// lies in the town, and where it is a village's, in 天坪村; what is written by POST without a name is for 天坪村.
pub(super) const TABLE: &str = "
                                             nobody wu  zhou sun li  qian zhao
GET   /                                      303   200 200 200 200 200 200
GET   /setup                                 303   303 303 303 303 303 303
FORM  /setup                                 403   403 403 403 403 403 403
GET   /login                                 200   303 303 303 303 303 303
FORM  /login                                 422   422 422 422 422 422 422
GET   /link/:secret                          410   410 410 410 410 410 410
FORM  /link/:secret                          303   303 303 303 303 303 303
GET   /me                                    303   200 200 200 200 200 200
FORM  /me                                    401   303 303 303 303 303 303
GET   /feeds                                 303   200 200 200 200 200 200
FORM  /feeds                                 401   303 303 303 303 303 303
GET   /calendar/:file                        404   404 404 404 404 404 404
GET   /accounts                              303   200 403 403 403 200 200
FORM  /accounts                              401   422 403 403 403 303 303
GET   /accounts/:name                        303   404 403 403 403 200 200
FORM  /accounts/:name                        401   404 403 403 403 303 303
GET   /log                                   303   200 403 200 200 200 200
GET   /log/message                           303   200 403 200 200 200 200
FORM  /log/message                           401   422 403 303 422 303 303
GET   /log/:type                             303   200 403 200 200 200 200
FORM  /log/:type                             401   403 403 303 403 303 303
GET   /activities                            303   200 200 200 200 200 200
GET   /activities.csv                        303   200 200 200 200 200 200
GET   /activities/:id                        303   404 200 200 404 200 200
FORM  /activities/:id                        401   404 403 303 404 303 303
GET   /activities/:id/brief                  303   404 200 200 404 200 200
GET   /activities/:id/brief.docx             303   404 200 200 404 200 200
GET   /activities/:id/correct                303   404 403 200 404 200 200
FORM  /activities/:id/correct                401   404 403 303 404 303 303
GET   /review                                303   200 403 403 403 200 200
FORM  /review                                401   404 403 403 404 303 303
GET   /review/doubles                        303   200 403 403 403 200 200
FORM  /review/doubles                        401   404 403 403 404 303 303
GET   /campaigns                             303   200 200 200 200 200 200
FORM  /campaigns                             401   404 403 404 404 303 303
GET   /campaigns/new                         303   200 403 403 403 200 200
FORM  /campaigns/new                         401   404 403 403 404 303 303
GET   /campaigns/year                        303   404 200 200 404 200 200
FORM  /campaigns/year                        401   404 403 403 404 303 303
GET   /campaigns/:key                        303   404 200 200 200 200 200
FORM  /campaigns/:key                        401   404 403 403 403 303 303
GET   /campaigns/:key/brief                  303   404 200 200 200 200 200
GET   /campaigns/:key/brief.docx             303   404 200 200 200 200 200
GET   /campaigns/:key/notice                 303   404 403 403 403 200 200
GET   /campaigns/:key/notice.docx            303   404 403 403 403 200 200
GET   /campaigns/:key/edit                   303   404 403 403 403 200 200
FORM  /campaigns/:key/edit                   401   404 403 403 403 303 303
GET   /countdowns/:key                       303   404 200 200 404 200 200
FORM  /countdowns/:key                       401   404 403 403 404 303 303
GET   /campaigns/:key/materials              303   404 200 200 200 200 200
FORM  /campaigns/:key/materials              401   404 403 403 403 303 303
GET   /materials/:id                         303   404 403 403 403 200 200
FORM  /materials/:id                         401   404 403 403 403 303 303
GET   /events/new                            303   200 403 403 403 200 200
FORM  /events/new                            401   403 403 403 403 303 303
GET   /events/:id                            303   404 200 200 404 200 200
FORM  /events/:id                            401   404 403 403 404 303 303
GET   /responsibilities                      303   200 200 200 200 200 200
FORM  /responsibilities                      401   303 403 403 403 303 303
GET   /responsibilities/:id                  303   404 200 404 404 200 200
FORM  /responsibilities/:id                  401   404 403 404 404 303 303
GET   /events/:id/sheet                      303   404 200 200 404 200 200
GET   /tasks                                 303   200 200 200 200 200 200
GET   /calendar                              303   200 200 200 200 200 200
FORM  /calendar                              401   303 403 403 403 303 303
GET   /key-dates                             303   200 200 200 200 200 200
FORM  /key-dates                             401   303 403 403 403 303 303
GET   /key-dates/:key                        303   404 200 200 404 200 200
FORM  /key-dates/:key                        401   404 403 403 404 303 303
GET   /holidays                              303   200 200 200 200 200 200
FORM  /holidays                              401   303 403 403 403 303 303
GET   /blackouts                             303   200 200 200 200 200 200
FORM  /blackouts                             401   404 403 403 404 303 303
GET   /goals                                 303   200 200 200 200 200 200
GET   /gaps                                  303   200 200 200 200 200 200
GET   /schedule/propose                      303   200 403 403 403 200 200
FORM  /schedule/propose                      401   403 403 403 403 303 303
GET   /plans                                 303   200 200 200 200 200 200
FORM  /plans                                 401   303 403 403 403 303 303
GET   /plans/:key                            303   200 200 200 200 200 200
FORM  /plans/:key                            401   404 403 403 404 303 303
GET   /indicators                            303   200 200 200 200 200 200
FORM  /indicators                            401   303 403 403 403 303 303
GET   /indicators/:key                       303   404 200 200 200 200 200
FORM  /indicators/:key                       401   404 403 403 403 303 303
GET   /targets/:id                           303   404 200 200 404 200 200
FORM  /targets/:id                           401   404 403 403 404 303 303
GET   /stocks                                303   200 200 200 200 200 200
FORM  /stocks                                401   403 403 403 403 303 303
GET   /surveys                               303   200 200 200 200 200 200
FORM  /surveys                               401   403 403 403 403 303 303
GET   /milestones                            303   200 200 200 200 200 200
FORM  /milestones                            401   403 403 403 403 303 303
GET   /report                                303   200 200 200 200 200 200
GET   /closing                               303   200 200 200 200 200 200
FORM  /closing                               401   404 403 403 404 303 303
GET   /import                                303   200 403 200 200 200 200
FORM  /import                                401   403 403 303 403 303 303
GET   /import/:id                            303   404 403 200 404 200 200
FORM  /import/:id                            401   404 403 303 404 303 303
GET   /settings                              303   200 403 403 403 200 200
GET   /units                                 303   200 200 200 200 200 200
FORM  /units                                 401   403 403 403 403 303 303
GET   /units/:code                           303   404 200 200 404 200 200
FORM  /units/:code                           401   404 403 403 404 303 303
GET   /catalogue                             303   200 200 200 200 200 200
FORM  /catalogue                             401   403 403 403 403 303 303
GET   /catalogue/:kind                       303   404 200 200 404 200 200
FORM  /catalogue/:kind                       401   404 403 403 404 303 303
GET   /catalogue/:kind/:key                  303   404 200 200 404 200 200
FORM  /catalogue/:kind/:key                  401   404 403 403 404 303 303
GET   /audit                                 303   200 403 403 403 200 200
GET   /feedback                              303   200 200 200 200 200 200
FORM  /feedback                              401   303 303 303 303 303 303
GET   /healthz                               200   200 200 200 200 200 200
GET   /readyz                                200   200 200 200 200 200 200
GET   /metrics                               403   403 403 403 403 403 403
GET   /pkg/:fingerprint/:name                404   404 404 404 404 404 404
GET   /api/openapi.json                      200   200 200 200 200 200 200
GET   /api/v1/units                          401   200 200 200 200 200 200
POST  /api/v1/units                          401   403 403 403 403 201 201
GET   /api/v1/units/:code                    401   404 200 200 404 200 200
PATCH /api/v1/units/:code                    401   404 403 403 404 200 200
GET   /api/v1/measures                       401   200 200 200 200 200 200
POST  /api/v1/measures                       401   403 403 403 403 201 201
GET   /api/v1/activity-types                 401   200 200 200 200 200 200
POST  /api/v1/activity-types                 401   403 403 403 403 201 201
GET   /api/v1/themes                         401   200 200 200 200 200 200
POST  /api/v1/themes                         401   403 403 403 403 201 201
GET   /api/v1/plans                          401   200 200 200 200 200 200
POST  /api/v1/plans                          401   403 403 403 403 201 201
GET   /api/v1/indicators                     401   200 200 200 200 200 200
POST  /api/v1/indicators                     401   403 403 403 403 201 201
GET   /api/v1/targets                        401   200 200 200 200 200 200
POST  /api/v1/targets                        401   403 403 403 403 201 201
GET   /api/v1/stocks                         401   200 200 200 200 200 200
POST  /api/v1/stocks                         401   403 403 403 403 201 201
POST  /api/v1/surveys                        401   403 403 403 403 201 201
POST  /api/v1/milestones                     401   403 403 403 403 201 201
GET   /api/v1/goals                          401   200 200 200 200 200 200
GET   /api/v1/activities                     401   200 200 200 200 200 200
POST  /api/v1/activities                     401   403 403 201 403 201 201
GET   /api/v1/activities/:id                 401   404 200 200 404 200 200
PATCH /api/v1/activities/:id                 401   404 403 200 404 200 200
POST  /api/v1/activities/:id/accept          401   404 403 403 404 200 200
POST  /api/v1/activities/:id/return          401   404 403 403 404 200 200
POST  /api/v1/activities/:id/withdraw        401   404 403 200 404 200 200
GET   /api/v1/activities/:id/evidence        401   404 200 200 404 200 200
POST  /api/v1/activities/:id/evidence        401   404 403 201 404 201 201
GET   /api/v1/activities/:id/evidence/:sha256 401  404 403 200 404 200 200
PUT   /api/v1/activities/:id/evidence/:sha256 401  404 403 201 404 201 201
GET   /evidence/:id                          401   404 200 200 404 200 200
GET   /evidence/:id/thumb                    401   404 200 200 404 200 200
GET   /api/v1/totals                         401   404 200 200 404 200 200
GET   /api/v1/coverage                       401   404 200 200 404 200 200
GET   /api/v1/campaigns                      401   200 200 200 200 200 200
POST  /api/v1/campaigns                      401   403 403 403 403 201 201
GET   /api/v1/campaigns/:key                 401   404 200 200 200 200 200
PATCH /api/v1/campaigns/:key                 401   404 403 403 403 200 200
GET   /api/v1/events                         401   200 200 200 200 200 200
POST  /api/v1/events                         401   403 403 403 403 201 201
GET   /api/v1/events/:id                     401   404 200 200 404 200 200
PATCH /api/v1/events/:id                     401   404 403 403 404 200 200
GET   /api/v1/gaps                           401   200 200 200 200 200 200
POST  /api/v1/schedule/propose               401   404 403 403 404 200 200
GET   /api/v1/key-dates                      401   404 200 200 404 200 200
GET   /api/v1/reports/annual                 401   404 200 200 404 200 200
";

/// A draft that was read from a message of 天坪村, as it is confirmed.
pub(super) const CONFIRMED_DRAFT: &[(&str, &str)] = &[
    ("do", "save"),
    ("e.0.keep", "1"),
    ("e.0.unit", "500999001201"),
    ("e.0.date", "2021-06-01"),
    ("e.0.c.0.measure", "leaflet"),
    ("e.0.c.0.value", "3"),
    ("e.0.c.0.precision", "exact"),
];
