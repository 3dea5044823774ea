# SPDX-License-Identifier: Apache-2.0
"""Installs the library, and builds with it as others do: pkg-config, CMake, a Debian package."""

import itertools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OURS = HERE / "installed"
WARNINGS = ["-Wall", "-Wextra", "-Werror"]


def run(*command, **more):
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, **more)


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="an install ")
        cls.addClassCleanup(scratch.cleanup)
        cls.scratch = pathlib.Path(scratch.name)
        cls.build = cls.scratch / "build"
        cls.ok("cmake", "-S", ROOT, "-B", cls.build, "-G", "Ninja", "-DPACKET_IO_TESTS=OFF", "-DPACKET_IO_SAMPLES=OFF",
               "-DCMAKE_INSTALL_PREFIX=/usr")
        cls.ok("cmake", "--build", cls.build)
        cls.prefix = cls.scratch / "its prefix"
        cls.ok("cmake", "--install", cls.build, "--prefix", cls.prefix)
        cls.lib = next(cls.prefix.glob("lib/**/libpacket_io.a")).parent

    @classmethod
    def ok(cls, *command, **more):
        result = run(*command, **more)
        if result.returncode != 0:
            raise AssertionError(f"{[str(word) for word in command]}: exit status {result.returncode}\n{result.stdout}")
        return result.stdout

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="a program ")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def flags(self, lib=None, *what):
        """What pkg-config says, as words; with `what`, of that alone."""
        env = {**os.environ, "PKG_CONFIG_PATH": str((lib or self.lib) / "pkgconfig")}
        words = self.ok("pkg-config", *(what or ("--cflags", "--libs")), "packet_io", env=env)
        return [word.replace("\\ ", " ") for word in words.replace("\\ ", "\0").split()
                for word in [word.replace("\0", " ")]]

    def program(self, *words, compiler=("gcc",), name="program"):
        target = self.folder / name
        self.ok(*compiler, *WARNINGS, "-o", target, *words)
        return target

    def needs(self, file, expected):
        """Whether the loader brings the shared library with a file."""
        self.assertEqual(expected, "[libpacket_io.so." in self.ok("readelf", "-d", file), file)

    def reaches(self, program, sinks):
        env = {**os.environ, "LD_LIBRARY_PATH": f"{self.lib}:{self.folder}"}
        result = run(program, env=env)
        self.assertEqual(7 * sinks if sinks else 0, 7 * result.returncode, result.stdout)

    # -lpacket_io: the shared library.

    def test_every_compiler_and_linker(self):
        for compiler, linker in itertools.product(("gcc", "clang"), ("bfd", "gold", "lld")):
            for more in ([], ["-O2", "-flto"], ["-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"]):
                if "-flto" in more and (compiler, linker) not in (("gcc", "bfd"), ("clang", "lld")):
                    continue  # each compiler has a linker of its own for that
                with self.subTest(compiler=compiler, linker=linker, more=more):
                    words = [*more, f"-fuse-ld={linker}", OURS / "main.c", OURS / "second.c"]
                    self.reaches(self.program(*words, *self.flags(), compiler=(compiler,)), 3)
                    static = [*self.flags(None, "--cflags"), "-Wl,-Bstatic", *self.flags(None, "--libs"), "-Wl,-Bdynamic"]
                    program = self.program(*words, *static, compiler=(compiler,))
                    self.reaches(program, 3)
                    self.assertNotIn("libpacket_io", self.ok("ldd", program))

    def test_cxx(self):
        for compiler in ("g++", "clang++"):
            with self.subTest(compiler=compiler):
                program = self.program("-std=gnu++17", OURS / "main_cxx.cpp", *self.flags(), compiler=(compiler,))
                self.reaches(program, 2)

    def test_no_file_of_the_system(self):
        program = self.program(OURS / "main.c", "-static", *self.flags())
        self.reaches(program, 2)

    # Devices, through a library of the system.

    def test_devices(self):
        needed = self.ok("readelf", "-d", next(self.lib.glob("libpacket_io.so.*")))
        self.assertIn("liburing.so", needed)
        self.assertIn("-luring", self.flags(None, "--libs", "--static"))
        self.assertNotIn("-luring", self.flags(None, "--libs"))
        static = ["-Wl,-Bstatic", *self.flags(None, "--libs", "--static"), "-Wl,-Bdynamic"]
        for name, words in (("shared", self.flags(None, "--libs")), ("static", static),
                            ("no_file_of_the_system", ["-static", *self.flags(None, "--libs", "--static")])):
            with self.subTest(name):
                program = self.program(OURS / "devices.c", *self.flags(None, "--cflags"), *words)
                self.reaches(program, 3)
                needed = self.ok("readelf", "-d", program)
                self.assertNotIn("liburing", needed)

    def test_without_rtio_nothing_of_it_is_linked(self):
        conf = self.folder / "without.conf"
        conf.write_text("CONFIG_RTIO=n\n")
        build = self.folder / "build"
        self.ok("cmake", "-S", ROOT, "-B", build, "-G", "Ninja", "-DPACKET_IO_TESTS=OFF", "-DPACKET_IO_SAMPLES=OFF",
                f"-DPACKET_IO_CONF_FILE={conf}")
        for name in ("build.ninja", "install/packet_io.pc", "CPackConfig.cmake"):
            self.assertEqual([], re.findall(r"-luring|liburing|uring\w*\.c\.o", (build / name).read_text()))

    # Wiring that nobody refers to.

    def test_an_archive_needs_to_be_taken_whole(self):
        self.ok("gcc", "-c", OURS / "archived.c", "-o", self.folder / "archived.o", *self.flags(None, "--cflags"))
        archive = self.folder / "libarchived.a"
        self.ok("ar", "rcs", archive, self.folder / "archived.o")
        self.reaches(self.program(OURS / "main.c", archive, *self.flags()), 2)
        whole = ["-Wl,--whole-archive", archive, "-Wl,--no-whole-archive"]
        self.reaches(self.program(OURS / "main.c", *whole, *self.flags()), 3)

    def test_a_shared_library_of_the_user(self):
        for name, with_static in (("with_shared", False), ("with_static", True)):
            with self.subTest(name):
                library = self.folder / f"lib{name}.so"
                flags = self.flags(None, "--cflags")
                # It has wiring, and calls nothing.
                mine = ["-lpacket_io_module"] if with_static else ["-Wl,--as-needed", "-lpacket_io"]
                self.ok("gcc", "-shared", "-fPIC", "-o", library, OURS / "shared.c", *flags, f"-L{self.lib}", *mine)
                self.needs(library, not with_static)
                rest = ["-Wl,-Bstatic", "-lpacket_io", "-Wl,-Bdynamic"] if with_static else ["-lpacket_io"]
                # The program refers to nothing of its own library: without this the linker leaves it out.
                self.reaches(self.program(OURS / "main.c", *flags, "-Wl,--no-as-needed", library,
                                          f"-L{self.lib}", *rest, "-pthread"), 3)

    # Another configuration.

    def test_another_configuration_does_not_link(self):
        headers = self.folder / "include"
        shutil.copytree(self.prefix / "include/packet_io", headers)
        config = headers / "zephyr/autoconf.h"
        config.write_text(config.read_text().replace("#define CONFIG_PACKET_IO_STATS 1\n", ""))
        for how in ([], ["-Wl,-Bstatic"]):
            result = run("gcc", "-o", self.folder / "program", OURS / "main.c", f"-I{headers}", "-pthread",
                         f"-L{self.lib}", *how, "-lpacket_io", "-Wl,-Bdynamic")
            self.assertNotEqual(0, result.returncode)
            self.assertIn("packet_io_built_with_STATS_0", result.stdout)

    def test_a_shared_library_of_another_configuration_does_not_start(self):
        program = self.program(OURS / "main.c", *self.flags())
        self.reaches(program, 2)
        content = program.read_bytes()
        for option in (b"packet_io_built_with_STATS_", b"net_buf_built_with_NET_BUF_POOL_USAGE_",
                       b"kernel_built_with_MULTITHREADING_"):
            with self.subTest(option):
                self.assertIn(option, content)
                program.write_bytes(re.sub(option + b"[01]", option + b"7", content))  # in what the loader looks for
                result = run(program, env={**os.environ, "LD_LIBRARY_PATH": str(self.lib)})
                self.assertNotEqual(0, result.returncode)
                self.assertIn(f"undefined symbol: {option.decode()}7", result.stdout)

    # CMake.

    def test_find_package(self):
        build = self.folder / "build"
        self.ok("cmake", "-S", OURS, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}",
                "-DCMAKE_C_FLAGS=-Wall -Wextra", "-DCMAKE_SHARED_LINKER_FLAGS=-Wl,--as-needed",
                "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--no-as-needed")
        self.ok("cmake", "--build", build)
        for name in ("static", "shared", "static_cxx", "shared_cxx"):
            with self.subTest(name):
                self.reaches(build / name, 5)
                self.needs(build / f"lib{name}_own.so", "shared" in name)
        for name in ("static_devices", "shared_devices"):
            with self.subTest(name):
                self.reaches(build / name, 3)

    def test_find_package_of_another_version(self):
        project = self.folder / "project"
        shutil.copytree(OURS, project)
        file = project / "CMakeLists.txt"
        file.write_text(file.read_text().replace("packet_io 0.1", "packet_io 0.2"))
        result = run("cmake", "-S", project, "-B", self.folder / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.assertNotEqual(0, result.returncode)
        self.assertIn("0.2", result.stdout)

    # What is where.

    def test_headers_are_in_a_folder_of_their_own(self):
        self.assertEqual(["packet_io"], [path.name for path in (self.prefix / "include").iterdir()])

    def test_names_and_versions(self):
        version = (ROOT / "packet_io/include/zephyr/packet_io/version.h").read_text()
        numbers = [version.split(f"VERSION_{which} ")[1].split()[0] for which in ("MAJOR", "MINOR", "PATCH")]
        self.assertTrue((self.lib / f"libpacket_io.so.{'.'.join(numbers)}").is_file())
        # Until 1.0.0 a minor version may have another interface: programs of one do not load another.
        compatible = ".".join(numbers[:2 if numbers[0] == "0" else 1])
        self.assertIn(f"[libpacket_io.so.{compatible}]", self.ok("readelf", "-d", self.lib / f"libpacket_io.so.{compatible}"))
        self.assertIn(f"libpacket_io.so.{compatible} ", (self.lib / "libpacket_io.so").read_text())
        self.assertEqual([".".join(numbers)], self.flags(None, "--modversion"))
        config = next(self.prefix.glob("share/doc/**/config")).read_text()
        self.assertIn("CONFIG_PACKET_IO_STATS=y\n", config)

    def test_all_of_it_can_be_moved(self):
        moved = self.folder / "moved"
        shutil.copytree(self.prefix, moved, symlinks=True)
        lib = moved / self.lib.relative_to(self.prefix)
        program = self.program(OURS / "main.c", *self.flags(lib), f"-Wl,-rpath,{lib}")
        self.reaches(program, 2)
        self.assertIn(str(moved), " ".join(self.flags(lib)))

    # The Debian package.

    def test_debian_package(self):
        self.ok("cpack", "-G", "DEB", "-B", self.folder, cwd=self.build)
        package = next(self.folder.glob("libpacket-io-dev_*.deb"))
        depends = self.ok("dpkg-deb", "--field", package, "Depends").strip().split(", ")
        self.assertEqual(["libc6-dev", "liburing-dev"], depends)
        root = self.folder / "root"
        for name in ("updates", "info"):
            (root / "var/lib/dpkg" / name).mkdir(parents=True)
        for name in ("status", "available"):
            (root / "var/lib/dpkg" / name).touch()
        dpkg = ["dpkg", f"--root={root}", "--force-not-root", "--force-depends", "--force-script-chrootless",
                f"--log={self.folder / 'log'}"]
        self.ok(*dpkg, "-i", package)
        lib = next(root.glob("usr/lib/**/libpacket_io.a")).parent
        program = self.program(OURS / "main.c", OURS / "second.c", *self.flags(lib), f"-Wl,-rpath,{lib}")
        self.reaches(program, 3)
        self.ok(*dpkg, "--purge", "libpacket-io-dev")
        self.assertEqual([], [path for path in root.rglob("*packet*") if path.is_file()])


if __name__ == "__main__":
    unittest.main()
