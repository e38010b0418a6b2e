import ArgumentParser
import Engine
import Foundation
import Model
import Store

/// What people asked for, and what came of it.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show what people did: who, when, what, why, before and after; refused, too.",
        discussion: """
            Each line is bound to the one before it by a digest. --verify tells whether a line \
            was changed or removed since (exit 1), and prints the newest digest; kept elsewhere \
            and given to --expect, it shows that nothing before it was rewritten either. \
            Submitted jobs stand in the journal with their users; refused submissions stand here.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(help: ArgumentHelp("Only what was done to this job.", valueName: "job"))
    var job: String?

    @Option(help: ArgumentHelp("Only what this user did.", valueName: "name"))
    var user: String?

    @Option(help: ArgumentHelp("Not before: RFC 3339, or a span before now.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("The newest so many, up to 10000.", valueName: "number"))
    var limit = 200

    @Flag(name: .customLong("verify"), help: "Check that nothing was changed or removed.")
    var isVerifying = false

    @Option(
        help: ArgumentHelp("With --verify: a line's digest as it was.", valueName: "number:digest")
    )
    var expect: String?

    @Option(
        name: .customLong("forget-before"),
        help: ArgumentHelp("Remove lines older than this, at least 90d.", valueName: "span")
    )
    var forgetBefore: String?

    func run() throws {
        let site = try global.site()
        if let forgetBefore { return try forget(forgetBefore, site) }
        let store = try site.openStoreForReading()
        if isVerifying { return try verify(store) }
        guard expect == nil else { throw Complaint(.usage, "--expect goes with --verify") }
        let entries = try read(store)
        guard !global.isJSON else {
            return StandardOutput.line(JSONText.list(entries.map(AuditJSON.object)))
        }
        if entries.isEmpty { return StandardError.say("no such lines") }
        var table = Table([
            .init("WHEN"), .init("WHO"), .init("WHAT"), .init("ON"), .init("BEFORE"),
            .init("AFTER"), .init("OUTCOME"), .init("WHY"), .init("FROM"),
        ])
        for entry in entries {
            let isBad = entry.outcome.hasPrefix("refused")
            table.add([
                .init(entry.at.description), .init(entry.user), .init(entry.action),
                .init(entry.subject), .init(entry.before), .init(entry.after),
                .init(entry.outcome, isBad ? .attention : .none), .init(entry.reason),
                .init(entry.origin),
            ])
        }
        table.print(on: try global.paper())
    }

    private func read(_ store: SQLiteStore) throws -> [AuditEntry] {
        guard (1...10_000).contains(limit) else {
            throw Complaint(.usage, "--limit is a number from 1 to 10000")
        }
        let moment = try since.map { try JournalPlace.moment($0, now: WallClock(on: store).now()) }
        return try store.read { reader in
            let subject = try job.map { try reader.job(named: $0).description }
            var found: [AuditEntry] = []
            var place: Int64 = 0
            while true {
                let part = try reader.audit(of: subject, after: place, limit: 1000)
                guard let last = part.last else { return found }
                place = last.sequence
                found += part.filter { entry in
                    (user.map { $0 == entry.user } ?? true)
                        && (moment.map { entry.at >= $0 } ?? true)
                }
                found = Array(found.suffix(limit))
            }
        }
    }

    private func verify(_ store: SQLiteStore) throws {
        var known: (sequence: Int64, digest: String)?
        if let expect {
            let parts = expect.split(separator: ":")
            guard parts.count == 2, let number = Int64(parts[0]), parts[1].count == 64 else {
                throw Complaint(.usage, "--expect is a line's number and its digest, as 12:9f86…")
            }
            known = (number, parts[1].lowercased())
        }
        let findings = try store.read { try $0.verifyAudit(expecting: known) }
        if global.isJSON {
            let object = JSONValue.object(of: [
                "lines": JSONValue(findings.lines), "last": JSONValue(findings.last),
                "digest": JSONValue(findings.digest),
                "problems": .array(findings.problems.map { .string($0) }),
            ])
            StandardOutput.line(object.pretty)
        } else {
            findings.problems.forEach(StandardError.say)
            let result = findings.problems.isEmpty ? "as they were written" : "NOT as written"
            StandardOutput.line("\(findings.lines) lines, \(result)")
            if findings.last > 0 { StandardOutput.line("\(findings.last):\(findings.digest)") }
        }
        if !findings.problems.isEmpty { throw Ending(.failed) }
    }

    private func forget(_ text: String, _ site: Site) throws {
        guard let span = Span.milliseconds(text), span >= 90 * 86_400_000 else {
            throw Complaint(.usage, "--forget-before is a span of at least 90d, not “\(text)”")
        }
        let store = try site.openStore()
        let now = WallClock(on: store).now()
        let change = Gate.Change(.archive, "forget", on: "audit", reason: "older than \(text)")
        let count = try site.gate(store).change(change, at: now) { tx, entry in
            let count = try tx.trimAudit(before: now + (-min(span, now.milliseconds)))
            entry.outcome = "\(count) lines removed"
            return count
        }
        StandardOutput.line("\(count) lines removed")
    }
}
