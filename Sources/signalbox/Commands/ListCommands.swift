import ArgumentParser
import Foundation
import Hypervisor
import Model
import Store

/// The VMs.
struct VMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vm",
        abstract: "VMs: where they are, and which job holds them.",
        subcommands: [VMList.self],
        defaultSubcommand: VMList.self
    )
}

/// Lists the VMs.
struct VMList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the VMs."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Only this VM.", valueName: "name"))
    var name: String?

    func run() throws {
        let lists = try Lists(global)
        let lines = try lists.vms().filter { name == nil || $0.name == name }
        if let name, lines.isEmpty { throw Complaint(.notFound, "there is no VM “\(name)”") }
        guard !global.isJSON else {
            return StandardOutput.line(JSONText.list(lines.map(RecordJSON.object)))
        }
        var table = Table([
            .init("VM"), .init("STATE"), .init("HOST"), .init("CLUSTER"),
            .init("CPUS", isRight: true), .init("MEMORY", isRight: true),
            .init("DISKS", isRight: true), .init("ACCOUNT"), .init("JOB"),
        ])
        for line in lines {
            table.add([
                .init(line.name), .init(line.state), .init(line.host.isEmpty ? "-" : line.host),
                .init(line.cluster), .init("\(line.cpus)"), .init("\(line.memory) MB"),
                .init("\(line.disks)"), .init(line.account),
                .init(line.job.map(\.description) ?? "-"),
            ])
        }
        table.print(on: try global.paper())
    }
}

/// The hosts.
struct HostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "Hosts: how they stand and how full they are.",
        subcommands: [HostList.self],
        defaultSubcommand: HostList.self
    )
}

/// Lists the hosts.
struct HostList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the hosts."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Only this host.", valueName: "name"))
    var name: String?

    func run() throws {
        let lists = try Lists(global)
        let lines = try lists.hosts().filter { name == nil || $0.name == name }
        if let name, lines.isEmpty { throw Complaint(.notFound, "there is no host “\(name)”") }
        guard !global.isJSON else {
            return StandardOutput.line(JSONText.list(lines.map(RecordJSON.object)))
        }
        var table = Table([
            .init("HOST"), .init("CLUSTER"), .init("STATE"), .init("CPUS", isRight: true),
            .init("MEMORY", isRight: true), .init("USED", isRight: true),
            .init("VMS", isRight: true), .init("LANE"),
        ])
        for line in lines {
            let used = line.memory > 0 ? line.usedMemory * 100 / line.memory : 0
            table.add([
                .init(line.name), .init(line.cluster),
                .init(line.state, line.state == "up" ? .none : .attention),
                .init("\(line.cpus)"), .init("\(line.memory) MB"), .init("\(used)%"),
                .init("\(line.vms)"), .init(line.lane.map(Lists.text) ?? "-"),
            ])
        }
        table.print(on: try global.paper())
    }
}

/// The locks.
struct LockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Locks: who holds what, who waits behind whom; release them.",
        subcommands: [LockList.self, LockRelease.self],
        defaultSubcommand: LockList.self
    )
}

/// Lists the locks.
struct LockList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the locks; those for which somebody waits come first."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(help: ArgumentHelp("At most so many.", valueName: "number"))
    var limit = 1000

    func run() throws {
        let limit = min(max(limit, 1), 100_000)
        let store = try global.site().openStoreForReading()
        let lines = try store.read { try $0.locks(limit: limit) }
        guard !global.isJSON else {
            return StandardOutput.line(JSONText.list(lines.map(RecordJSON.object)))
        }
        LockTable.table(lines, now: WallClock(on: store).now()).print(on: try global.paper())
    }
}
