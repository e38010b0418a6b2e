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

    func run() throws {
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
        }
        let signal = signals.wait()
        ServiceNotice.send("STOPPING=1")
        logger.info("ends on signal \(signal)")
        host.stop()
        try store.close()
    }
}
