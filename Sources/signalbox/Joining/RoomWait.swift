import Engine
import Model
import Store

/// Waits with a submission until there is room for it: whoever submits more than the engine ends
/// is slowed down, instead of being refused.
struct RoomWait {
    let desk: RequestDesk
    /// The longest wait in milliseconds; nil for none.
    let limit: Int64?

    /// Reads the option: a span, or the word that stands for no limit.
    ///
    /// - Throws: a complaint if it is neither.
    init?(_ text: String?, _ desk: RequestDesk) throws(Complaint) {
        guard let text else { return nil }
        self.desk = desk
        guard text != Self.forever else {
            limit = nil
            return
        }
        guard let span = Span.milliseconds(text) else {
            throw Complaint(
                .usage,
                "--wait-for-room takes a span such as 90s or 5m, or nothing, not “\(text)”; write "
                    + "it behind the kind and the target, or as --wait-for-room=5m"
            )
        }
        limit = span
    }

    /// What stands for a wait without a limit.
    static let forever = "forever"

    /// Submits as soon as there is room; what is refused for another reason is refused at once.
    ///
    /// - Throws: a complaint if time runs out.
    func submit(
        _ count: Int,
        _ submission: (Int, [RequestOutcome]) throws -> Submission
    ) throws -> [RequestOutcome] {
        var outcomes = try desk.submit(count, submission)
        guard let why = Self.fullness(outcomes), count <= desk.site.rules.openJobs else {
            return outcomes
        }
        StandardError.say("waits for room: \(why)")
        let ear = try StoreEar(desk.site.storePath)
        var account = try submission(outcomes.count - 1, outcomes).account
        let done = try ear.await(milliseconds: limit) { () -> Bool? in
            // Only looks, so that who waits is in nobody's way.
            guard try hasRoom(account) else { return nil }
            outcomes = try desk.submit(count, submission)
            guard Self.fullness(outcomes) != nil else { return true }
            account = try submission(outcomes.count - 1, outcomes).account
            return nil
        }
        guard done == true else {
            throw Complaint(.timeout, "time ran out; \(Self.fullness(outcomes) ?? why)")
        }
        return outcomes
    }

    private func hasRoom(_ account: String) throws -> Bool {
        let rules = desk.site.rules
        return try desk.store.read { reader in
            if rules.fullness(open: try reader.openRoots()) != nil { return false }
            guard rules.accounts.unfinished(of: account) != nil else { return true }
            let open = try reader.openRoots(of: account)
            return rules.accounts.fullness(of: account, open: open) == nil
        }
    }

    /// Why there was no room; nil if that is not what the last was refused for.
    private static func fullness(_ outcomes: [RequestOutcome]) -> String? {
        guard case .refused(let why) = outcomes.last, why.hasSuffix(EngineRules.roomHint) else {
            return nil
        }
        return why
    }
}
