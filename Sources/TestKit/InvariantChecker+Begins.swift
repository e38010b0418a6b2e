import Engine
import Hypervisor
package import Model
import Store

/// What a checker knows of jobs that began, and of whether they were allowed to.
struct BeginBook {
    /// One rate, and the place that counts by itself.
    struct Counted: Hashable {
        var pattern: String
        var place: String
    }

    /// When jobs began, by what they count against, oldest first.
    var begins: [Counted: [Timestamp]] = [:]
    /// Jobs whose submitter asked for an approval.
    var asked: Set<JobID> = []
    /// Who asked to approve a job, whatever came of it.
    var voters: [JobID: Set<String>] = [:]
    /// Who was told that a job is approved by him.
    var told: [JobID: String] = [:]
    /// Jobs that need approval and were seen to have it when they went on.
    var agreed: Set<JobID> = []
}

/// What a job was seen to wait for.
package struct Wait: Hashable, CustomStringConvertible {
    /// What makes a limit full.
    package enum Limit: String, CaseIterable, Sendable {
        case operations, rate, account
    }

    /// The kind of thing waited for.
    package let reason: Waiting.Reason
    /// Which sort of limit, if it is one.
    package let limit: Limit?

    /// A wait as a row says it.
    init(_ waiting: Waiting) {
        reason = waiting.reason
        guard waiting.reason == .limit else {
            limit = nil
            return
        }
        let isAccount = ["account ", "the account "].contains { waiting.on.hasPrefix($0) }
        limit = isAccount ? .account : waiting.on.contains(" per ") ? .rate : .operations
    }

    private init(_ reason: Waiting.Reason, _ limit: Limit?) {
        self.reason = reason
        self.limit = limit
    }

    /// Every wait that there can be.
    package static let all: [Wait] =
        Waiting.Reason.allCases.filter { $0 != .limit }.map { Wait($0, nil) }
        + Limit.allCases.map { Wait(.limit, $0) }

    /// The wait in words.
    package var description: String {
        "waiting for \(reason.rawValue)" + (limit.map { " of \($0.rawValue)" } ?? "")
    }
}

/// Rates, bounds of accounts, and approvals: what may begin.
extension InvariantChecker {
    /// Notes that a job was accepted whose submitter asked for an approval.
    package func wasTold(needsApproval id: JobID) { beginnings.asked.insert(id) }

    /// The jobs that wait for somebody's approval now, by who submitted them.
    package func awaitingApproval() throws -> [(id: JobID, user: String)] {
        try store.read { reader in
            try reader.jobs(try reader.jobs(in: [.pending]))
                .filter { $0.job.waiting?.reason == .approval }
                .map { ($0.job.id, $0.job.user) }.sorted { $0.0 < $1.0 }
        }
    }

    /// Takes in what a row says of beginning; `before` is what was known.
    func noteBeginning(_ stored: StoredJob, before: Known) throws {
        let job = stored.job
        if before.startedAt == nil, let moment = job.startedAt { try count(job, at: moment) }
        guard job.parentID == nil, needsApproval(job.id, job.kind) else { return }
        let hasEnded = job.state.isTerminal && job.startedAt == nil
        let approval = stored.extra.approval
        if let told = beginnings.told[job.id], approval?.by != told {
            throw Violation("\(told) has approved \(job.id), and that is lost")
        }
        if let by = approval?.by {
            guard by != job.user else { throw Violation("\(by) approved his own \(job.id)") }
            guard beginnings.voters[job.id]?.contains(by) ?? false else {
                throw Violation("\(job.id) says that \(by) approved it, who never did")
            }
        } else if job.state != .pending && !hasEnded {
            throw Violation("\(job.id) is \(job.state.rawValue), and nobody has approved it")
        }
        if approval?.by != nil { beginnings.agreed.insert(job.id) }
    }

    /// Whether a job without a parent may only begin when somebody else agrees.
    private func needsApproval(_ id: JobID, _ kind: String) -> Bool {
        beginnings.asked.contains(id) || rules.approval.contains { Self.fits(kind, $0) }
    }

    private static func fits(_ text: String, _ pattern: some StringProtocol) -> Bool {
        pattern.hasSuffix("*") ? text.hasPrefix(pattern.dropLast()) : text == pattern
    }

    /// In whatever window of a rate's length no more jobs began than it allows.
    private func count(_ job: Job, at moment: Timestamp) throws {
        for rule in rules.rates.all {
            let parts = rule.pattern.split(separator: "@", maxSplits: 1)
            guard let kind = parts.first, Self.fits(job.kind, kind) else { continue }
            var counted = BeginBook.Counted(pattern: rule.pattern, place: "")
            if parts.count > 1 {
                let isAccount = parts[1].hasPrefix("account/")
                counted.place = isAccount ? "account/" + job.account : job.lane
                guard Self.fits(counted.place, parts[1]) else { continue }
            }
            // In the order of the moments, in which rows need not be read.
            let known = beginnings.begins[counted] ?? []
            let place = known.lastIndex { $0 <= moment }.map { $0 + 1 } ?? 0
            beginnings.begins[counted, default: []].insert(moment, at: place)
        }
    }

    /// Looks through the beginnings that came with the last rows.
    func checkBeginnings() throws {
        for rule in rules.rates.all {
            for (counted, moments) in beginnings.begins where counted.pattern == rule.pattern {
                for (first, last) in zip(moments, moments.dropFirst(rule.most))
                where last - first < rule.span {
                    throw Violation(
                        "\(rule.most + 1) jobs of \(rule.pattern) \(counted.place) began from "
                            + "\(first) to \(last), and \(rule.most) may in \(rule.span) ms"
                    )
                }
                // Whatever begins next is a span away from what stands before the newest few.
                beginnings.begins[counted] = moments.suffix(rule.most)
            }
        }
    }

    /// No account has more jobs unfinished or running than it may.
    func checkAccounts() throws {
        guard !rules.accounts.isEmpty else { return }
        var loads: [String: AccountLoad] = [:]
        for entry in known.values where entry.parent == nil && !entry.state.isTerminal {
            loads[entry.account, default: AccountLoad(open: 0, running: 0)].open += 1
            if entry.startedAt != nil { loads[entry.account]?.running += 1 }
        }
        for (account, load) in loads {
            for (count, bound, word) in [
                (load.open, rules.accounts.unfinished(of: account), "unfinished"),
                (load.running, rules.accounts.running(of: account), "running"),
            ] {
                guard let most = bound?.most, count > most else { continue }
                throw Violation("“\(account)” has \(count) \(word) jobs, and may have \(most)")
            }
        }
    }

    /// Nothing is done for a job without the approval it needs.
    func checkApproval(_ execution: HypervisorLedger.Execution, of job: JobID) throws {
        let root = root(of: job)
        guard let entry = known[root], needsApproval(root, entry.kind),
            !beginnings.agreed.contains(root)
        else { return }
        throw Violation("\(execution.verb) of \(root) began, which nobody has approved")
    }
}
