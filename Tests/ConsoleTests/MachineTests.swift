import Console
import Model
import Terminal
import Testing

@Suite("VMs, hosts and locks")
struct MachineTests {
    private static func vms(_ columns: Int = 100) -> Pilot {
        var pilot = Pilot(columns: columns)
        pilot.press("2")
        pilot.send(.vms(Sample.vms))
        return pilot
    }

    @Test("a VM is stopped from its row, after a question")
    func stop() {
        var pilot = Self.vms()
        pilot.press("x", "o")
        pilot.pass(300)
        pilot.press("y")

        #expect(pilot.submissions.map(\.kind) == ["vm.stop"])
        #expect(pilot.submissions.first?.target == Target(type: "vm", name: "db-1"))
    }

    @Test("what makes no sense stays in the menu, with the reason")
    func refused() {
        var pilot = Self.vms()
        pilot.press("a")
        pilot.sees("it is running; needs stopped")
        pilot.press("s")

        #expect(pilot.model.context == .menu)
    }

    @Test("a form asks for parameters, checks them, and then asks once more")
    func form() {
        var pilot = Self.vms()
        pilot.press("x", "z", "Ctrl-u")
        pilot.type("none")
        pilot.press("Enter", "Ctrl-u")
        pilot.type("32768")
        pilot.press("Enter")
        pilot.sees("Processors must be a number")
        pilot.press("Ctrl-u")
        pilot.type("8")
        pilot.press("Enter", "Enter")
        #expect(pilot.submissions.isEmpty)
        pilot.pass(300)
        pilot.press("y")

        #expect(pilot.submissions.map(\.parameters) == [["cpus": "8", "memory": "32768"]])
    }

    @Test("a parameter that may be left out is left out")
    func optional() {
        var pilot = Self.vms()
        pilot.press("x", "m", "Enter")
        pilot.pass(300)
        pilot.press("y")

        #expect(pilot.submissions.map(\.kind) == ["vm.migrate"])
        #expect(pilot.submissions.first?.parameters.isEmpty == true)
    }

    @Test("removing a VM needs its name, typed")
    func remove() {
        var pilot = Self.vms()
        pilot.press("j", "j", "x", "D")
        pilot.pass(300)
        pilot.press("Enter", "Enter", "y")
        #expect(pilot.submissions.isEmpty)
        pilot.press("r")
        pilot.type("old")
        pilot.press("Enter", "Enter", "y")

        #expect(pilot.submissions.map(\.target.name) == ["old"])
    }

    @Test("Enter on a VM shows its jobs")
    func jobsOfVM() throws {
        var pilot = Self.vms()
        pilot.press("Enter")

        #expect(pilot.model.openView == .jobs)
        #expect(pilot.model.watch.jobs.filter == (try FilterParser.parse("target:vm/db-1")))
    }

    @Test("a host is taken out of service from its row")
    func maintenance() {
        var pilot = Pilot(columns: 120)
        pilot.press("3")
        pilot.send(.hosts(Sample.hosts))
        pilot.sees("closed for 24s: no answer for 30s")
        pilot.press("x", "m")
        pilot.pass(300)
        pilot.press("y")

        #expect(pilot.submissions.map(\.kind) == ["host.maintenance"])
        #expect(pilot.submissions.first?.target == Target(type: "host", name: "kvm-a01"))
    }

    @Test("Enter on a lock opens the job that has it")
    func lock() {
        var pilot = Pilot()
        pilot.press("4")
        pilot.send(.locks(Sample.locks))
        pilot.press("j", "Enter")

        #expect(pilot.model.watch.detail?.job == JobID(5947))
        #expect(pilot.model.context == .detail)
    }

    @Test(
        "only the list that is open is asked for",
        arguments: [
            ("1", [ListName]()), ("2", [.vms]), ("3", [.hosts]), ("4", [.locks]),
        ]
    )
    func watched(key: String, lists: [ListName]) {
        var pilot = Pilot()
        pilot.press(key)
        #expect(pilot.model.watch.lists == Set(lists))
    }

    @Test("what can be copied is copied")
    func copy() {
        var pilot = Pilot()
        pilot.press("c", "c")
        #expect(pilot.effects == [.copy("signalbox job show job-5948")])
    }
}
