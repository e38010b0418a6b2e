import Model

/// What hardly any step has: a commit point, a snapshot, what was saved, as one JSON text.
struct StepDetails: Codable {
    private var placedBy: String?
    private var commit: CommitPoint?
    private var snapshot: EntitySnapshot?
    private var saved: [String: String]?
    private var undoing: [Int]?

    /// Nil if there is nothing to store.
    init?(_ record: StepRecord) {
        let step = record.step
        guard
            step.commit != nil || step.snapshot != nil || step.placedBy != nil
                || record.undoing != nil
        else { return nil }
        placedBy = step.placedBy
        commit = step.commit
        snapshot = step.snapshot
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

    var text: String? { CompactJSON.encode(self) }

    static func decode(_ text: String?) throws -> StepDetails? { try CompactJSON.decode(text) }
}
