import ArgumentParser
import Engine
import Foundation
import Logging
import Model
import Store

/// An engine without a screen.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run an engine without a screen.",
        discussion: """
            Stands by while another engine is alive on the store, and takes over within a second \
            when that one ends. SIGTERM or SIGINT ends it with status 0 after the turn at work; \
            operations go on at the hypervisor and the next engine takes them up. Tells systemd \
            when it is ready (Type=notify).
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "When asked to end, begin no further step and wait so long for those at work.",
            discussion:
                "0s is usual: they go on at the hypervisor. A second signal ends it at once.",
            valueName: "span"
        )
    )
    var grace = "0s"

    func run() throws {
        guard let grace = Span.milliseconds(grace) else {
            throw Complaint(.usage, "--grace is a span such as 30s, not “\(grace)”")
        }
        let site = try global.site()
        let store = try site.openStore()
        try site.demand(.serve, on: store)
        try site.checkHypervisor()
        let signals = try SignalPipe.shared()
        let logger = Logger(label: "signalbox") { StreamLogHandler.standardError(label: $0) }
        let host = try EngineHost(site: site, store: store, clock: SteadyClock(on: store)) {
            notice in
            switch notice {
            case .owning(let epoch): logger.info("engine \(epoch) is alive on \(site.storePath)")
            case .turned: break
            case .trouble(let text): logger.error("\(text)")
            }
        }
        host.start()
        ServiceNotice.send("READY=1")
        if let holder = store.lock?.holder(), holder.process != getpid() {
            logger.info("stands by: process \(holder.process) on \(holder.machine) is the engine")
        } else if let far = LeaseFile(storePath: site.storePath).ownerElsewhere() {
            // A lock of the kernel does not reach from one machine to another; the lease does.
            logger.info("stands by: process \(far.process) on \(far.machine) is the engine")
        }
        let signal = signals.wait()
        ServiceNotice.send("STOPPING=1")
        logger.info("ends on signal \(signal)")
        if grace > 0 { wind(down: host.runner, signals, grace, logger) }
        host.stop()
        try store.close()
    }

    /// Waits until nothing is at work, for so many milliseconds at most, or until another signal.
    private func wind(
        down runner: EngineRunner,
        _ signals: SignalPipe,
        _ grace: Int64,
        _ logger: Logger
    ) {
        runner.beginNothing()
        let pause: Int32 = 50
        var left = grace
        while left > 0, runner.atWork > 0 {
            if signals.wait(milliseconds: pause) != nil { break }
            left -= Int64(pause)
        }
        if runner.atWork > 0 {
            logger.info("operations that go on at the hypervisor: \(runner.atWork)")
        }
    }
}
