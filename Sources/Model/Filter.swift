/// Which jobs are meant: the filter language as a value.
///
/// The text form is written by people (`state:failed kind:vm.* target:web-1 user:alice age>5m` and
/// free words); ``FilterParser`` reads it, the store turns it into SQL, and ``matches(_:at:)`` says
/// the same of a single job.
package indirect enum Filter: Hashable, Sendable {
    /// Every job.
    case all
    /// What both mean.
    case and([Filter])
    /// What either means.
    case or([Filter])
    /// What the inner one does not mean.
    case not(Filter)
    /// Jobs in one of these states.
    case states(Set<JobState>)
    /// Jobs whose field fits the pattern; `*` stands for any characters, case does not matter.
    case field(Field, pattern: String)
    /// Jobs whose number compares so.
    case number(NumberField, Comparison, Int64)
    /// Jobs with the word somewhere in kind, target, user, message, lane or number.
    case word(String)

    /// A text field of a job.
    package enum Field: String, CaseIterable, Sendable {
        case kind, target, user, account, lane, message, uuid, cause, rollback, backend, waiting
        case attention, schedule
    }

    /// A numeric field of a job; ages and durations are in milliseconds, yes is 1 and no is 0.
    package enum NumberField: String, CaseIterable, Sendable {
        case id, parent, root, priority, progress, attempt, age, duration, pinned, archived
        case `internal`
    }

    /// How numbers are compared.
    package enum Comparison: String, CaseIterable, Sendable {
        case less = "<"
        case lessOrEqual = "<="
        case equal = "="
        case greaterOrEqual = ">="
        case greater = ">"
    }
}
