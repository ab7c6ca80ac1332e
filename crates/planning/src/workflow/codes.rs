//! Codes of problems that are specific to workflow and overlay files.

use diag::DiagnosticCode;

const fn code(id: &'static str, title: &'static str) -> DiagnosticCode {
    DiagnosticCode { id, title }
}

pub(super) const BAD_NAME: DiagnosticCode = code("E030", "bad name");
pub(super) const BAD_SPAN: DiagnosticCode = code("E031", "bad length of time");
pub(super) const BAD_MOMENT: DiagnosticCode = code("E032", "bad window or moment");
pub(super) const BACKWARDS: DiagnosticCode = code("E033", "window that ends before it starts");
pub(super) const UNKNOWN_AGENT: DiagnosticCode = code("E034", "unknown agent");
pub(super) const UNKNOWN_TYPE: DiagnosticCode = code("E035", "unknown task type");
pub(super) const DUPLICATE_ID: DiagnosticCode = code("E036", "two tasks of one name");
pub(super) const UNKNOWN_TASK: DiagnosticCode = code("E037", "unknown task");
pub(super) const AMBIGUOUS: DiagnosticCode = code("E038", "ambiguous task type");
pub(super) const RING: DiagnosticCode = code("E039", "tasks that wait for each other");
pub(super) const RETRIES_OF_ORDERS: DiagnosticCode = code("E041", "retries of an effectful task");
pub(super) const RETRIES_OF_PEOPLE: DiagnosticCode = code("E042", "retries of a human task");
pub(super) const EARLY_DEADLINE: DiagnosticCode = code("E043", "deadline before the window");
pub(super) const TOO_SHORT: DiagnosticCode = code("E044", "length of time too short");
pub(super) const BAD_CONDITION: DiagnosticCode = code("E045", "bad condition");
pub(super) const NO_TASKS: DiagnosticCode = code("E046", "workflow without tasks");
pub(super) const UNKNOWN_EDIT: DiagnosticCode = code("E047", "unknown edit");
pub(super) const UNKNOWN_STAGE: DiagnosticCode = code("E048", "unknown stage");
pub(super) const SECOND_WORKFLOW: DiagnosticCode = code("E049", "second workflow");
pub(super) const OVERLAY_TWICE: DiagnosticCode = code("E050", "two overlays of one name");
pub(super) const CONTRADICTION: DiagnosticCode =
    code("E051", "overlays that contradict each other");
pub(super) const NO_INPUT: DiagnosticCode = code("E052", "task without its input");
pub(super) const UNKNOWN_FIELD: DiagnosticCode = code("E053", "field that no result has");
pub(super) const BAD_DEMAND: DiagnosticCode = code("E054", "task that cannot be on demand");
pub(super) const LONG_ROUND: DiagnosticCode = code("W001", "round longer than the window");
pub(super) const OUTSIDE_STAGE: DiagnosticCode = code("W002", "window outside of the stage");
pub(super) const NO_EFFECT: DiagnosticCode = code("W003", "effect not declared");
pub(super) const IDLE_RETRIES: DiagnosticCode = code("W004", "retries that never happen");
pub(super) const LONG_TIMEOUT: DiagnosticCode = code("W005", "timeout longer than the window");
pub(super) const EMPTY_STAGE: DiagnosticCode = code("W006", "stage without tasks");
pub(super) const MADE_UP_ID: DiagnosticCode = code("W007", "name made up");
pub(super) const LOOSENED: DiagnosticCode = code("W008", "limit loosened");
pub(super) const NO_CHANGE: DiagnosticCode = code("W009", "edit that changes nothing");
pub(super) const NEVER_READY: DiagnosticCode = code("W010", "dependency that comes too late");

/// All codes of this module, in ascending order.
pub const CODES: &[DiagnosticCode] = &[
    BAD_NAME,
    BAD_SPAN,
    BAD_MOMENT,
    BACKWARDS,
    UNKNOWN_AGENT,
    UNKNOWN_TYPE,
    DUPLICATE_ID,
    UNKNOWN_TASK,
    AMBIGUOUS,
    RING,
    RETRIES_OF_ORDERS,
    RETRIES_OF_PEOPLE,
    EARLY_DEADLINE,
    TOO_SHORT,
    BAD_CONDITION,
    NO_TASKS,
    UNKNOWN_EDIT,
    UNKNOWN_STAGE,
    SECOND_WORKFLOW,
    OVERLAY_TWICE,
    CONTRADICTION,
    NO_INPUT,
    UNKNOWN_FIELD,
    BAD_DEMAND,
    LONG_ROUND,
    OUTSIDE_STAGE,
    NO_EFFECT,
    IDLE_RETRIES,
    LONG_TIMEOUT,
    EMPTY_STAGE,
    MADE_UP_ID,
    LOOSENED,
    NO_CHANGE,
    NEVER_READY,
];
