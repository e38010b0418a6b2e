import ArgumentParser
import Engine
import Foundation
import Model
import Store

/// The store's file: where it is, whether it is well, copies of it.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Check, back up and compact the store's file.",
        subcommands: [
            StorePathCommand.self, StoreCheckCommand.self, StoreBackupCommand.self,
            StoreCompactCommand.self,
        ]
    )
}

/// Where the store is.
struct StorePathCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path",
        abstract: "Print where the store's file is, or would be."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run() throws {
        let path = URL(fileURLWithPath: try global.site().storePath).path
        guard global.isJSON else { return StandardOutput.line(path) }
        let isThere = FileManager.default.fileExists(atPath: path)
        StandardOutput.line(
            JSONValue.object(of: ["path": JSONValue(path), "exists": .bool(isThere)]).pretty
        )
    }
}

/// Whether the store is well.
struct StoreCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for damage in the file and for contradictions between its rows.",
        discussion: """
            Reads the whole file; an engine may go on meanwhile. Counts every job again, looks for \
            rows of jobs that are not there, for locks that nobody can give back, and for trees \
            that are not whole. Ends with 0 if all is well, else 1.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run() throws {
        let site = try global.site()
        let findings = try Self.findings(site)
        if global.isJSON {
            StandardOutput.line(
                JSONValue.object(of: [
                    "path": JSONValue(site.storePath),
                    "findings": .array(findings.map { JSONValue($0) }),
                ]).pretty
            )
        } else if findings.isEmpty {
            StandardOutput.line("\(site.storePath) is well")
        }
        guard !findings.isEmpty else { return }
        let paper = try global.paper()
        if !global.isJSON {
            findings.forEach { StandardOutput.line(paper.safe($0)) }
            StandardError.say(
                "stop the engine, keep the file, and put a backup in its place; "
                    + "“signalbox store backup” makes one"
            )
        }
        throw Ending(.failed)
    }

    /// A file that is too damaged to be opened is a finding, too.
    private static func findings(_ site: Site) throws -> [String] {
        do {
            return try site.openStoreForReading().check()
        } catch let error as StoreError where error.code == .damaged {
            return [error.description]
        }
    }
}

/// A copy of the store.
struct StoreBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the store to another file while it is in use.",
        discussion: """
            The copy is one consistent state, in one file, looked through before it gets its name. \
            To go back to it, stop the engine, remove the store's -wal and -shm files, and put the \
            copy in the store's place. The simulated hypervisor's own file is not copied.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("The file to make; it must not exist.", valueName: "file"))
    var file: String

    func run() throws {
        let store = try global.site().openStoreForReading()
        do { try store.backUp(to: file) } catch let error as StoreError
            where error.code == .refused
        {
            throw Complaint(.refused, "\(error.action): \(error.detail); nothing was written")
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        let bytes = attributes?[.size] as? Int ?? 0
        guard global.isJSON else { return StandardOutput.line("\(file): \(bytes) bytes") }
        StandardOutput.line(
            JSONValue.object(of: ["file": JSONValue(file), "bytes": JSONValue(bytes)]).pretty
        )
    }
}

/// A smaller file.
struct StoreCompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Write the store's file anew, without the room that removed jobs left.",
        discussion: """
            No engine may be alive on the store, and for a while the disk must have room for two \
            copies more. If it is interrupted, the file is as it was.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run() throws {
        let site = try global.site()
        _ = try site.openStoreForReading()
        let store = try site.openStore()
        let holder = StoreLock.Holder.current(since: WallClock(on: store).now())
        guard let lock = store.lock, try lock.tryTake(as: holder) else {
            throw Complaint(.refused, "an engine is alive on this store; stop it first")
        }
        defer { lock.release() }
        let change = Gate.Change(.maintain, "compact", on: "store")
        let now = WallClock(on: store).now()
        try site.gate(store).change(change, at: now) { _, entry in entry.outcome = "begun" }
        let (before, after) = try store.compact()
        guard global.isJSON else {
            return StandardOutput.line("\(site.storePath): \(before) bytes before, \(after) now")
        }
        StandardOutput.line(
            JSONValue.object(of: ["before": JSONValue(before), "after": JSONValue(after)]).pretty
        )
    }
}
