import CProcess
import Glibc

/// Everything that descends from a program that this process has started and inherits from.
enum Offspring {
    /// Has this process inherit whatever loses its parent from now on.
    ///
    /// - Throws: ``FileTrouble`` if the kernel does not allow it.
    static func inherit() throws {
        guard cp_inherit_orphans() == 0 else { throw FileTrouble("inherit orphans") }
    }

    /// Sends a signal to each process, once.
    ///
    /// - Returns: those that were killed by it.
    static func signal(_ signal: Int32, _ child: ScriptChild) -> Set<pid_t> {
        let main = child.process
        let isAlive = child.ending == nil
        var killed: Set<pid_t> = []
        if let main, isAlive { send(signal, to: -main) }
        for process in Kin.living(below: getpid()) {
            if signal == SIGKILL { killed.insert(process) }
            guard let main, isAlive, getpgid(process) == main else {
                send(signal, to: process)
                continue
            }
        }
        return killed
    }

    private static func send(_ signal: Int32, to process: pid_t) {
        kill(process, signal)
        // A process that was halted cannot listen.
        if signal == SIGTERM { kill(process, SIGCONT) }
    }

    /// Lets dead orphans go; the program itself is waited for by whoever started it.
    static func bury(but child: ScriptChild) {
        guard let main = child.process else { return }
        while true {
            let process = cp_dead_child()
            guard process > 0, process != main else { return }
            var status: Int32 = 0
            waitpid(process, &status, WNOHANG)
        }
    }
}
