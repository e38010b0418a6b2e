import Model
import Store

/// What accounts may have: so many unfinished jobs, and so many running ones.
///
/// To the queues the running ones are a limit like others, which keeps their order. Where no
/// account is bounded nothing here costs anything.
extension Turn {
    /// The limit that the beginning of a job counts against for its account, by name.
    func accountLimit(of entry: Entry) -> [String] {
        guard !rules.accounts.isEmpty, entry.job.startedAt == nil, entry.job.parentID == nil,
            rules.accounts.running(of: entry.job.account) != nil
        else { return [] }
        return [AccountLimit.name(entry.job.account)]
    }

    /// How many jobs more an account may have running; nil if the name is no account's.
    func room(inAccount name: String) -> Int? {
        guard let account = AccountLimit.account(name) else { return nil }
        guard let bound = rules.accounts.running(of: account) else { return .max }
        return bound.most - memory.accountUse[account, default: 0]
    }

    /// The bound of an account as it stands; nil if the name is no account's.
    func line(ofAccount name: String) -> LimitLine? {
        guard let account = AccountLimit.account(name),
            let bound = rules.accounts.running(of: account)
        else { return nil }
        return LimitLine(
            name: AccountBounds.name(account),
            most: bound.most,
            used: memory.accountUse[account, default: 0],
            source: bound.source
        )
    }

    /// Counts a job that begins.
    func noteAccount(begins entry: Entry) {
        guard !rules.accounts.isEmpty, entry.job.parentID == nil else { return }
        memory.accountUse[entry.job.account, default: 0] += 1
        offerLimits(keptForAccount: AccountLimit.name(entry.job.account))
    }

    /// Counts a job that was accepted.
    func noteAccount(accepts entry: Entry) {
        guard !rules.accounts.isEmpty else { return }
        accountChange[entry.job.account, default: 0] += 1
    }

    /// Counts a job without a parent that ends, and has those looked at who wait for its account.
    func noteAccount(ends entry: Entry) {
        guard !rules.accounts.isEmpty else { return }
        let account = entry.job.account
        accountChange[account, default: 0] -= 1
        guard entry.job.startedAt != nil else { return }
        let used = memory.accountUse[account, default: 0]
        memory.accountUse[account] = used > 1 ? used - 1 : nil
        for lane in lanes(waitingFor: AccountLimit.name(account)) { schedule(lane: lane) }
    }

    /// Why an account may have no other job; nil if it may.
    func fullness(ofAccount account: String) throws -> String? {
        guard !rules.accounts.isEmpty, let bound = rules.accounts.unfinished(of: account) else {
            return nil
        }
        let change = accountChange[account, default: 0]
        // What other processes wrote meanwhile counts when it gets close.
        let isFar = memory.accountOpen[account].map {
            $0 + change < bound.most - 2 * Engine.submissionLimit
        }
        if isFar != true && !countedAccounts.contains(account) {
            memory.accountOpen[account] = try tx.openRoots(of: account)
            countedAccounts.insert(account)
        }
        let open = memory.accountOpen[account, default: 0] + change
        return rules.accounts.fullness(of: account, open: open)
    }

    /// Counts what accounts have running, after a crash.
    func recoverAccounts() throws {
        guard !rules.accounts.isEmpty else { return }
        memory.accountUse = try tx.accountLoads().mapValues(\.running).filter { $0.value > 0 }
    }

    /// Carries the turn's changes over into what is remembered.
    func rememberAccounts() {
        for (account, change) in accountChange { memory.accountOpen[account]? += change }
    }
}

/// The name under which the running jobs of an account are counted, as it stands in a queue's name.
enum AccountLimit {
    private static let mark = "account:"

    static func name(_ account: String) -> String {
        mark + account.replacing("%", with: "%25").replacing("|", with: "%7C")
    }

    static func account(_ name: String) -> String? {
        guard name.hasPrefix(mark) else { return nil }
        let text = String(name.dropFirst(mark.count))
        return text.replacing("%7C", with: "|").replacing("%25", with: "%")
    }
}
