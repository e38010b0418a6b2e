import Model
import Store

/// Due times, which are of the clock on the wall and follow it when it is set.
extension Turn {
    /// By how many milliseconds the wall's clock may move before due times are looked at anew.
    private static let tolerance: Int64 = 500

    /// Has jobs that wait for their time look at the wall again after its clock was set.
    ///
    /// Nothing else follows it: pauses, limits and questions are in the store's own time.
    func followWall() throws {
        let lead = wall - now
        guard let known = memory.lead else {
            memory.lead = lead
            // A new engine does not know by what the times that are stored were reckoned.
            return lead == 0 ? () : try reckonDueTimes()
        }
        guard abs(lead - known) > Self.tolerance else { return }
        memory.lead = lead
        try reckonDueTimes()
    }

    private func reckonDueTimes() throws {
        let ids = try tx.awaitingTime()
        try load(ids)
        for id in ids {
            if let entry = entries[id] { schedule(entry) }
        }
    }
}
