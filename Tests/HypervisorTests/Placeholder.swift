// HypervisorTests
