import Model
import Store

/// What the stop of a parent means for each of its children.
extension Turn {
    /// What a stop does to the children of the current step, by child; empty if all are stopped.
    func stopPolicies(of entry: Entry) throws -> [JobID: StopPolicy] {
        guard let current = entry.current, case .children(let children) = current.step.work,
            children.jobs.contains(where: { $0.onStop != .cascade })
        else { return [:] }
        let ids = try childIDs(of: entry, step: current.index)
        let pairs = zip(ids, children.jobs).map { ($0, $1.onStop) }
        return Dictionary(pairs) { first, _ in first }
    }

    /// A descendant at work on whose account a stop is refused; nil if there is none.
    ///
    /// It is looked for where the stop would go: below children that would be stopped too.
    func refusingChild(of entry: Entry) throws -> Entry? {
        guard let current = entry.current, case .children = current.step.work else { return nil }
        let policies = try stopPolicies(of: entry)
        for child in try unfinishedChildren(of: entry) {
            switch policies[child.id] ?? .cascade {
            case .orphan: continue
            case .refuse where child.job.startedAt != nil: return child
            case .refuse, .cascade:
                if let found = try refusingChild(of: child) { return found }
            }
        }
        return nil
    }
}
