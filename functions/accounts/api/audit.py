"""HTTP routes for administrators: the audit log, and notices of what is suspicious."""

from __future__ import annotations

from chalice.app import Response

from functions.accounts.watch import audit_log, notices
from functions.accounts.watch.audit_views import AuditPage, AuditQuery, AuditSearch, NoticePage, NoticeQuery
from shared import suspicion
from shared.errors import Forbidden, InvalidField
from shared.http.api import Api
from shared.http.requests import Request
from shared.rights import Right

api = Api("accounts")


@api.get(
    "/v1/accounts/audit",
    "What was done in the organisation, by whom, on what, when and from where; the newest first",
    access=Right.AUDIT_READ,
    query=AuditQuery,
    answer=AuditPage,
    errors=(InvalidField, Forbidden),
)
def search_audit(request: Request[AuditQuery, None]) -> AuditPage:
    """A page of entries."""
    return audit_log.page(request.caller.org_id, request.query)


@api.get(
    "/v1/accounts/audit/file",
    "The same entries as a CSV file, 10,000 at most",
    access=Right.AUDIT_READ,
    query=AuditSearch,
    content_type="text/csv",
    errors=(InvalidField, Forbidden),
)
def export_audit(request: Request[AuditSearch, None]) -> Response:
    """All entries that fit, as a file."""
    caller = request.caller
    table, rows = audit_log.table(caller.org_id, request.query)
    suspicion.read(caller.org_id, caller.subject, rows)
    headers: dict[str, str | list[str]] = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="audit.csv"',
        "Cache-Control": "no-store",
    }
    return Response(body=table, status_code=200, headers=headers)


@api.get(
    "/v1/accounts/notices",
    "What was noticed: guessing, strange places, refused rights, bulk reading; the newest first",
    access=Right.NOTICES_READ,
    query=NoticeQuery,
    answer=NoticePage,
    errors=(InvalidField,),
)
def list_notices(request: Request[NoticeQuery, None]) -> NoticePage:
    """A page of notices."""
    return notices.page(request.caller.org_id, request.query, request.words)
