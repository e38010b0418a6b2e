import Console
import Model
import Terminal
import Testing

@Suite("Lists with nothing to show")
struct EmptyStateTests {
    @Test(
        "say that they are being read",
        arguments: [
            ("1", "Reads the jobs…"), ("2", "Reads the VMs…"), ("3", "Reads the hosts…"),
            ("4", "Reads the locks…"),
        ]
    )
    func loading(key: String, words: String) {
        var pilot = Pilot(loaded: key != "1")
        pilot.press(key)
        pilot.sees(words)
    }

    @Test(
        "say that there is nothing",
        arguments: [
            ("1", "There are no jobs."), ("2", "There are no VMs."), ("3", "There are no hosts."),
            ("4", "There are no locks."),
        ]
    )
    func none(key: String, words: String) {
        var pilot = Pilot(jobs: [])
        pilot.press(key)
        pilot.send(.vms([]))
        pilot.send(.hosts([]))
        pilot.send(.locks([]))
        pilot.sees(words)
    }

    @Test(
        "name the filter that leaves nothing, and the key that takes it away",
        arguments: [
            ("1", "No job fits nowhere"), ("2", "No VM fits nowhere"),
            ("3", "No host fits nowhere"),
            ("4", "No lock fits nowhere"),
        ]
    )
    func filtered(key: String, words: String) {
        var pilot = Pilot()
        pilot.press(key)
        pilot.send(.vms(Sample.vms))
        pilot.send(.hosts(Sample.hosts))
        pilot.send(.locks(Sample.locks))
        pilot.press("/")
        pilot.type("nowhere")
        pilot.press("Enter")
        if key == "1" { pilot.refresh([]) }

        pilot.sees(words)
        pilot.sees("Esc shows them all")
    }

    @Test("say what is wrong when nothing could be read")
    func failed() {
        var pilot = Pilot(loaded: false)
        pilot.send(.trouble("the store cannot be read: the disk is full"))

        pilot.sees("There is nothing to show yet:")
        pilot.sees("the disk is full")
    }

    @Test("say how old they are when nothing new can be read, and are drawn faintly")
    func stale() {
        var pilot = Pilot()
        pilot.send(.trouble("the store is busy"))
        pilot.pass(12_000)

        pilot.sees("▲ old: 12s")
        #expect(pilot.status.contains("the store is busy"))
        #expect(pilot.model.view().style(row: 6, column: 9) == Theme.builtIn[.muted])
        pilot.send(.trouble(nil))
        pilot.doesNotSee("old:")
    }

    @Test("an engine that is not there is said in words, at the top and in every row")
    func noEngine() {
        var pilot = Pilot(columns: 140) { $0.engine = nil }
        pilot.sees("NO ENGINE IS ALIVE")
        pilot.press("j")
        pilot.sees("no engine is alive on this store")
    }

    @Test("another engine is named by its process")
    func otherEngine() {
        let pilot = Pilot(columns: 140) { $0.isOwnEngine = false }
        pilot.sees("engine: process 4711 on ops-1")
    }

    @Test("a job that is not there, and one that is being read, say so")
    func detail() {
        var pilot = Pilot()
        pilot.command("job 77")
        pilot.sees("Reads job-77…")
        pilot.send(.detail(JobID(77), nil))
        pilot.sees("There is no job-77")
    }
}
