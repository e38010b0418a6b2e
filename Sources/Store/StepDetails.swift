import Model

/// What hardly any step has: a commit point, a snapshot, what was saved, as one JSON text.
struct StepDetails: Codable {
    private var placedBy: String?
    private var commit: CommitPoint?
    private var snapshot: EntitySnapshot?
    private var saved: [String: String]?
    private var undoing: [Int]?

    /// The text to be stored; nil if there is nothing to store.
    static func text(of record: StepRecord) -> String? {
        let plan = record.plan
        guard
            plan.step.commit != nil || plan.step.snapshot != nil || plan.step.placedBy != nil
                || record.undoing != nil
        else { return nil }
        return CompactJSON.encode(StepDetails(record))
    }

    private init(_ record: StepRecord) {
        placedBy = record.step.placedBy
        commit = record.step.commit
        snapshot = record.step.snapshot
        saved = record.saved
        undoing = record.undoing
    }

    func apply(to record: inout StepRecord) {
        record.step.placedBy = placedBy
        record.step.commit = commit
        record.step.snapshot = snapshot
        record.saved = saved
        record.undoing = undoing
    }

    static func decode(_ text: String?) throws -> StepDetails? { try CompactJSON.decode(text) }
}
