import Engine
import Foundation
import Glibc
import Model

/// The records of all runs, and what is done about them; lives on the thread of the scripts.
///
/// `@unchecked Sendable`, because it is made on one thread and used on another only afterwards.
final class ScriptDesk: @unchecked Sendable {
    private let folder: String
    private let catalog: ScriptCatalog
    private let guardian: Guardian
    private let traffic: ScriptTraffic
    private var lock: Int32
    private let watch: Int32
    private var runs: [String: ScriptRecord] = [:]
    private var watched: [Int32: String] = [:]
    private var cleared: ClearedNames

    /// The desk of a folder, with all runs that are recorded there.
    ///
    /// - Throws: ``FileTrouble`` if the folder cannot be used, or somebody else uses it.
    init(
        _ folder: String,
        _ catalog: ScriptCatalog,
        _ guardian: Guardian,
        _ traffic: ScriptTraffic
    ) throws {
        mkdir(folder, 0o700)
        // Links in the path would hide the processes of a run, which are known by it.
        guard let real = realpath(folder, nil) else { throw FileTrouble("use \(folder)") }
        defer { free(real) }
        self.folder = String(cString: real)
        (self.catalog, self.guardian, self.traffic) = (catalog, guardian, traffic)
        lock = open(self.folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw FileTrouble("use \(folder) alone")
        }
        watch = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard watch >= 0 else { throw FileTrouble("watch \(folder)") }
        cleared = ClearedNames(path: self.folder + "/cleared")
        takeUp()
    }

    deinit {
        close(watch)
        release()
    }

    /// Gives the folder to whoever wants it next.
    private func release() {
        if lock >= 0 { close(lock) }
        lock = -1
    }

    /// The operations of which there is a record.
    var operations: [String] { Array(runs.keys) }

    /// Works until it is told to stop.
    func work() {
        defer { release() }
        for name in operations { look(at: name) }
        while true {
            let (calls, gone, committed, isStopping) = traffic.change { state in
                defer { (state.calls, state.guardsGone, state.committed) = ([], [], [:]) }
                return (state.calls, state.guardsGone, state.committed, state.isStopping)
            }
            for (name, reach) in committed { runs[name]?.save(offset: reach) }
            for call in calls { perform(call) }
            for (name, problem) in gone { guardIsGone(name, problem) }
            if isStopping { return }
            for name in runs.keys.sorted() where runs[name]?.hasMore == true { look(at: name) }
            var wanted = [traffic.inbox.readEnd, watch].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            _ = poll(&wanted, nfds_t(wanted.count), -1)
            traffic.inbox.drain()
            for name in changed() { look(at: name) }
        }
    }

    // MARK: Taking up what is there

    private func takeUp() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() {
            let run = RunFolder(path: folder + "/" + name)
            if name.hasPrefix("gone-") { try? FileManager.default.removeItem(atPath: run.path) }
            guard name.hasPrefix("run-") else { continue }
            guard let order = run.read(ScriptOrder.self, from: run.order) else {
                // The order is written first: nothing was begun without it.
                try? FileManager.default.removeItem(atPath: run.path)
                continue
            }
            runs[order.operation] = ScriptRecord(run, order)
            observe(order.operation, run)
        }
    }

    private func observe(_ name: String, _ run: RunFolder) {
        let events =
            UInt32(IN_MODIFY) | UInt32(IN_CREATE) | UInt32(IN_MOVED_TO) | UInt32(IN_CLOSE_WRITE)
        let number = inotify_add_watch(watch, run.path, events)
        if number >= 0 { watched[number] = name }
    }

    /// The runs whose folders have changed.
    private func changed() -> Set<String> {
        let headSize = MemoryLayout<inotify_event>.size
        var names: Set<String> = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = read(watch, &buffer, buffer.count)
            guard count > 0 else { return names }
            var rest = buffer[..<count]
            while rest.count >= headSize {
                let head = rest.withUnsafeBytes { $0.loadUnaligned(as: inotify_event.self) }
                if head.mask & UInt32(IN_Q_OVERFLOW) != 0 { names.formUnion(runs.keys) }
                if let name = watched[head.wd] { names.insert(name) }
                if head.mask & UInt32(IN_IGNORED) != 0 { watched[head.wd] = nil }
                rest = rest.dropFirst(headSize + Int(head.len))
            }
        }
    }

    // MARK: Calls

    private func perform(_ call: BackendCall) {
        switch call {
        case .begin(let operation): begin(operation)
        case .probe(let name): answer(name)
        case .interrupt(let name, let fence): interrupt(name, fence)
        case .clear(let name): clear(name)
        }
    }

    private func begin(_ call: OperationCall) {
        if let newest = newestFence(on: call.operation.subject), newest > call.fence {
            return refuse(call.name, "a newer call acts on \(call.operation.subject) already")
        }
        if runs[call.name] != nil {
            runs[call.name]?.claim(call.fence)
            if runs[call.name]?.isBegun == false { guardRun(call.name) }
            // What became of it is news of its own.
            return say(call.name, .accepted)
        }
        guard !cleared.contains(call.name) else {
            return refuse(call.name, "operation \(call.name) was run before")
        }
        let run = RunFolder(
            path: folder + "/run-" + call.name.replacingOccurrences(of: "/", with: "-")
        )
        do {
            let order = try ScriptOrder(call, catalog, run)
            guard mkdir(run.path, 0o700) == 0 || errno == EEXIST else {
                throw FileTrouble("make \(run.path)")
            }
            try run.write(order, to: run.order)
            DurableFile.syncFolder(of: run.path)
            runs[call.name] = ScriptRecord(run, order)
        } catch let failure as Failure {
            return refuse(call.name, failure)
        } catch {
            return refuse(call.name, Failure.ofFiles(String(describing: error)))
        }
        observe(call.name, run)
        guardRun(call.name)
        say(call.name, .accepted)
    }

    private func guardRun(_ name: String) {
        guard let run = runs[name], !run.isLaunching else { return }
        runs[name]?.isLaunching = true
        let (guardian, traffic, folder) = (guardian, traffic, run.folder)
        Task.detached {
            let problem = await guardian.stand(by: folder)
            traffic.change { $0.guardsGone.append((name, problem)) }
            traffic.inbox.signal()
        }
    }

    private func guardIsGone(_ name: String, _ problem: String?) {
        runs[name]?.isLaunching = false
        if let problem, runs[name]?.isBegun == false {
            forget(name)
            return say(name, .failed(.ofFiles("no guard could be started: \(problem)")))
        }
        look(at: name)
        // A guard that ends without having begun leaves nothing to wait for.
        guard let run = runs[name], !run.isBegun, !run.folder.isGuarded else { return }
        forget(name)
        say(name, .failed(.ofFiles("the guard of operation \(name) ended before it began")))
    }

    private func newestFence(on subject: String) -> Int64? {
        runs.values.filter { $0.order.subject == subject }.map(\.fence).max()
    }

    private func refuse(_ name: String, _ text: String) {
        let code = ResultCode(domain: "script", number: 116, name: "Stale")
        refuse(name, Failure(code, text))
    }

    private func refuse(_ name: String, _ failure: Failure) {
        if runs[name] == nil { traffic.change { _ = $0.known.remove(name) } }
        say(name, .refused(failure))
    }

    private func interrupt(_ name: String, _ fence: Int64) {
        guard let run = runs[name] else { return say(name, .unknown) }
        guard fence >= run.fence else {
            return say(name, .notInterruptible("a newer engine looks after it"))
        }
        if run.ended != nil { return answer(name) }
        do { try run.askToStop() } catch {
            say(name, .notInterruptible(String(describing: error)))
        }
    }

    private func clear(_ name: String) {
        guard let run = runs[name] else { return }
        guard run.ended != nil else {
            runs[name]?.isCleared = true
            return
        }
        forget(name)
    }

    /// Removes the record of a run that has ended, or never began.
    private func forget(_ name: String) {
        guard let run = runs.removeValue(forKey: name) else { return }
        cleared.insert(name)
        traffic.change { _ = $0.known.remove(name) }
        let gone = folder + "/gone-" + name.replacingOccurrences(of: "/", with: "-")
        if rename(run.folder.path, gone) == 0 {
            try? FileManager.default.removeItem(atPath: gone)
        }
    }

    // MARK: News

    private func say(_ name: String, _ event: BackendNews.Event) {
        traffic.say([(BackendNews(operation: name, event), 0)])
    }

    /// Says how an operation stands.
    private func answer(_ name: String) {
        let wasTold = runs[name]?.isToldOf == true
        look(at: name)
        guard let run = runs[name] else { return say(name, .unknown) }
        if let ended = run.ended {
            // What came with its end is not known to have arrived.
            if wasTold { say(name, ended) }
            return
        }
        if run.isBegun || run.isLaunching || run.folder.isGuarded {
            return say(name, .progress(run.progress.percent, run.progress.text))
        }
        say(name, .unknown)
    }

    /// Takes what a run has said, and its end if it has come.
    private func look(at name: String) {
        guard var run = runs[name], !run.isToldOf else { return }
        // Who lets go of the folder has written all down before: so the order of these matters.
        let isAlive = run.folder.isGuarded || run.isLaunching
        let end = run.folder.read(ScriptEnd.self, from: run.folder.end)
        repeat {
            guard traffic.hasRoom else { break }
            traffic.say(run.read())
        } while run.hasMore
        if !run.hasMore {
            if let end {
                run.ended = end.event(warningStatus: run.order.warningStatus)
                if let remark = end.remark {
                    let line = LogText(.warning, remark)
                    say(name, .said([line], results: [:]))
                }
            } else if !isAlive, run.isBegun {
                run.ended = ScriptOrphan.end(of: run.folder)
            }
        }
        if let ended = run.ended {
            run.isToldOf = true
            say(name, ended)
        }
        runs[name] = run
        if run.ended != nil && run.isCleared { forget(name) }
    }
}

extension Failure {
    /// Something about this machine that may be better in a while.
    static func ofFiles(_ text: String) -> Failure {
        Failure(ResultCode(domain: "script", number: 71, name: "System"), text, kind: .transient)
    }
}
