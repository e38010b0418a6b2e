import ArgumentParser
import Foundation
import Model
import Store

/// Takes a lock from the job that holds it.
struct LockRelease: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Take a lock from the job that holds it; shows first what that would change.",
        discussion: """
            A job never runs on without its locks: the one that loses the lock ends by it. If it \
            has not begun, it has done nothing; if it has, it is abandoned, and nothing more of it \
            is undone. To have its work undone, abort it instead: that frees the lock too. While \
            an operation of it may be at work at the backend, --force is needed. Without --yes, \
            and where nobody can be asked, nothing is changed (status 3).
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("What is locked: vm/web-1.", valueName: "resource"))
    var resource: String

    @Option(help: ArgumentHelp("Which of several holders.", valueName: "job"))
    var job: String?

    @Option(help: ArgumentHelp("Why; stands in the audit.", valueName: "text"))
    var reason: String

    @Flag(name: .customLong("yes"), help: "Do not ask.")
    var isConfirmed = false

    @Flag(name: .customLong("force"), help: "Even if an operation may be at work at the backend.")
    var isForced = false

    @Flag(name: .customLong("dry-run"), help: "Only show what would change.")
    var isDry = false

    func run() throws {
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw Complaint(.usage, "--reason must say something: it stands in the audit")
        }
        let desk = try EvidenceDesk(global)
        let holder = try desk.store.read { try findHolder($0) }
        var evidence = try desk.evidence(of: holder.id)
        if evidence.chain.count == 1 { desk.ask(&evidence) }
        let preview = try LockPreview(desk.store, resource, holder, evidence)
        if !global.isJSON || !(isConfirmed || isDry) {
            preview.show(try global.paper(), now: WallClock(on: desk.store).now())
        }
        guard !isDry else {
            if global.isJSON { StandardOutput.line(preview.json(isApplied: false, "").pretty) }
            return
        }
        if preview.isAtWork, !isForced {
            throw Complaint(
                .refused,
                "an operation of \(holder.id) may be at work at the backend; “job abort "
                    + "\(holder.id.number)” undoes its work and frees the lock, --force abandons it"
            )
        }
        if !isConfirmed { try confirm(holder, preview) }
        try apply(holder.id, desk, preview)
    }

    /// The job that is meant.
    private func findHolder(_ reader: any StoreReader) throws -> Job {
        let ids: [JobID]
        if let job {
            ids = [try reader.job(named: job)]
        } else {
            ids = try reader.tickets(for: [TicketKey(resource: resource, scope: 0)])
                .filter(\.isGranted).map(\.job)
        }
        guard let first = ids.first, let found = try reader.jobs([first]).first?.job else {
            throw Complaint(.notFound, "nobody holds a lock on \(resource)")
        }
        guard ids.count == 1 else {
            let names = ids.prefix(10).map(\.description).joined(separator: ", ")
            throw Complaint(.refused, "\(resource) is shared by several: add --job (\(names))")
        }
        return found
    }

    /// Has a person confirm it, on a terminal; by the resource's name where something may be at
    /// work.
    private func confirm(_ holder: Job, _ preview: LockPreview) throws {
        guard isatty(0) == 1 else {
            throw Complaint(
                .refused,
                "nothing was changed: add --yes where nobody can be asked"
            )
        }
        let word = preview.isAtWork ? resource : "\(holder.id.number)"
        StandardError.put("Type \(word) to release the lock: ")
        let answer = readLine()?.trimmingCharacters(in: .whitespaces) ?? ""
        guard answer == word else {
            throw Complaint(.refused, "not confirmed; nothing was done")
        }
    }

    private func apply(_ holder: JobID, _ evidence: EvidenceDesk, _ preview: LockPreview) throws {
        let desk = RequestDesk(site: evidence.site, store: try evidence.site.openStore())
        let request = OperatorRequest(
            .release(from: holder, isForced: isForced),
            on: .lock(resource),
            by: evidence.site.user,
            reason: reason
        )
        let isAlive = try desk.isEngineAlive()
        let written = try desk.write([request])
        guard isAlive else {
            return StandardError.say(
                "the release of \(resource) is recorded; no engine is alive on this store, it "
                    + "takes effect when one comes"
            )
        }
        let (status, text): (ExitStatus, String) =
            switch try desk.outcomes(of: written).first ?? nil {
            case .done(let what): (.done, what)
            case .refused(let why): (.refused, why)
            case .notFound(let what): (.notFound, what)
            default: (.timeout, "the release is recorded; the engine did not answer yet")
            }
        if global.isJSON {
            StandardOutput.line(preview.json(isApplied: status == .done, text).pretty)
        } else if status == .done {
            StandardOutput.line(try global.paper().safe(text))
        } else {
            StandardError.say(text)
        }
        if status != .done { throw Ending(status) }
    }
}
