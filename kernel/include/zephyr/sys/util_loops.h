/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Tables behind the repetition macros of util_macro.h. Nothing here is for use outside that header.
 *
 * A preprocessor macro cannot call itself, so every step of a loop is a macro of its own.
 */

#ifndef ZEPHYR_SYS_UTIL_LOOPS_H_
#define ZEPHYR_SYS_UTIL_LOOPS_H_

/* Macros only. They use __VA_OPT__, which -Wpedantic would mention at every line. */
#pragma GCC system_header

#define Z_UNWRAP(...)    __VA_ARGS__
#define Z_FIRST(...)     Z_FIRST_(__VA_ARGS__, ~)
#define Z_FIRST_(a, ...) a

/* Z_ARG_n(...) is the n-th argument, counted from 1; Z_DROP_n(...) all but the first n. */
#define Z_DROP_0(...)        __VA_ARGS__
#define Z_DROP_1(...)        Z_DROP_FIRST(__VA_ARGS__)
#define Z_DROP_FIRST(a, ...) __VA_ARGS__
#define Z_DROP_2(...)        Z_DROP_1(Z_DROP_1(__VA_ARGS__))
#define Z_DROP_3(...)        Z_DROP_1(Z_DROP_2(__VA_ARGS__))
#define Z_DROP_4(...)        Z_DROP_1(Z_DROP_3(__VA_ARGS__))
#define Z_DROP_5(...)        Z_DROP_1(Z_DROP_4(__VA_ARGS__))
#define Z_DROP_6(...)        Z_DROP_1(Z_DROP_5(__VA_ARGS__))
#define Z_DROP_7(...)        Z_DROP_1(Z_DROP_6(__VA_ARGS__))
#define Z_DROP_8(...)        Z_DROP_1(Z_DROP_7(__VA_ARGS__))
#define Z_DROP_9(...)        Z_DROP_1(Z_DROP_8(__VA_ARGS__))
#define Z_DROP_10(...)       Z_DROP_1(Z_DROP_9(__VA_ARGS__))
#define Z_DROP_11(...)       Z_DROP_1(Z_DROP_10(__VA_ARGS__))
#define Z_DROP_12(...)       Z_DROP_1(Z_DROP_11(__VA_ARGS__))
#define Z_DROP_13(...)       Z_DROP_1(Z_DROP_12(__VA_ARGS__))
#define Z_DROP_14(...)       Z_DROP_1(Z_DROP_13(__VA_ARGS__))
#define Z_DROP_15(...)       Z_DROP_1(Z_DROP_14(__VA_ARGS__))
#define Z_DROP_16(...)       Z_DROP_1(Z_DROP_15(__VA_ARGS__))
#define Z_DROP_17(...)       Z_DROP_1(Z_DROP_16(__VA_ARGS__))
#define Z_DROP_18(...)       Z_DROP_1(Z_DROP_17(__VA_ARGS__))
#define Z_DROP_19(...)       Z_DROP_1(Z_DROP_18(__VA_ARGS__))
#define Z_DROP_20(...)       Z_DROP_1(Z_DROP_19(__VA_ARGS__))

#define Z_ARG_1(...)  Z_FIRST(Z_DROP_0(__VA_ARGS__))
#define Z_ARG_2(...)  Z_FIRST(Z_DROP_1(__VA_ARGS__))
#define Z_ARG_3(...)  Z_FIRST(Z_DROP_2(__VA_ARGS__))
#define Z_ARG_4(...)  Z_FIRST(Z_DROP_3(__VA_ARGS__))
#define Z_ARG_5(...)  Z_FIRST(Z_DROP_4(__VA_ARGS__))
#define Z_ARG_6(...)  Z_FIRST(Z_DROP_5(__VA_ARGS__))
#define Z_ARG_7(...)  Z_FIRST(Z_DROP_6(__VA_ARGS__))
#define Z_ARG_8(...)  Z_FIRST(Z_DROP_7(__VA_ARGS__))
#define Z_ARG_9(...)  Z_FIRST(Z_DROP_8(__VA_ARGS__))
#define Z_ARG_10(...) Z_FIRST(Z_DROP_9(__VA_ARGS__))
#define Z_ARG_11(...) Z_FIRST(Z_DROP_10(__VA_ARGS__))
#define Z_ARG_12(...) Z_FIRST(Z_DROP_11(__VA_ARGS__))
#define Z_ARG_13(...) Z_FIRST(Z_DROP_12(__VA_ARGS__))
#define Z_ARG_14(...) Z_FIRST(Z_DROP_13(__VA_ARGS__))
#define Z_ARG_15(...) Z_FIRST(Z_DROP_14(__VA_ARGS__))
#define Z_ARG_16(...) Z_FIRST(Z_DROP_15(__VA_ARGS__))
#define Z_ARG_17(...) Z_FIRST(Z_DROP_16(__VA_ARGS__))
#define Z_ARG_18(...) Z_FIRST(Z_DROP_17(__VA_ARGS__))
#define Z_ARG_19(...) Z_FIRST(Z_DROP_18(__VA_ARGS__))
#define Z_ARG_20(...) Z_FIRST(Z_DROP_19(__VA_ARGS__))

/* Z_LIST_n(F, (sep), ...): F(0, ...) sep F(1, ...) sep ... F(n - 1, ...). */
#define Z_LIST_0(F, S, ...)
#define Z_LIST_1(F, S, ...)   F(0, __VA_ARGS__)
#define Z_LIST_2(F, S, ...)   Z_LIST_1(F, S, __VA_ARGS__) Z_UNWRAP S F(1, __VA_ARGS__)
#define Z_LIST_3(F, S, ...)   Z_LIST_2(F, S, __VA_ARGS__) Z_UNWRAP S F(2, __VA_ARGS__)
#define Z_LIST_4(F, S, ...)   Z_LIST_3(F, S, __VA_ARGS__) Z_UNWRAP S F(3, __VA_ARGS__)
#define Z_LIST_5(F, S, ...)   Z_LIST_4(F, S, __VA_ARGS__) Z_UNWRAP S F(4, __VA_ARGS__)
#define Z_LIST_6(F, S, ...)   Z_LIST_5(F, S, __VA_ARGS__) Z_UNWRAP S F(5, __VA_ARGS__)
#define Z_LIST_7(F, S, ...)   Z_LIST_6(F, S, __VA_ARGS__) Z_UNWRAP S F(6, __VA_ARGS__)
#define Z_LIST_8(F, S, ...)   Z_LIST_7(F, S, __VA_ARGS__) Z_UNWRAP S F(7, __VA_ARGS__)
#define Z_LIST_9(F, S, ...)   Z_LIST_8(F, S, __VA_ARGS__) Z_UNWRAP S F(8, __VA_ARGS__)
#define Z_LIST_10(F, S, ...)  Z_LIST_9(F, S, __VA_ARGS__) Z_UNWRAP S F(9, __VA_ARGS__)
#define Z_LIST_11(F, S, ...)  Z_LIST_10(F, S, __VA_ARGS__) Z_UNWRAP S F(10, __VA_ARGS__)
#define Z_LIST_12(F, S, ...)  Z_LIST_11(F, S, __VA_ARGS__) Z_UNWRAP S F(11, __VA_ARGS__)
#define Z_LIST_13(F, S, ...)  Z_LIST_12(F, S, __VA_ARGS__) Z_UNWRAP S F(12, __VA_ARGS__)
#define Z_LIST_14(F, S, ...)  Z_LIST_13(F, S, __VA_ARGS__) Z_UNWRAP S F(13, __VA_ARGS__)
#define Z_LIST_15(F, S, ...)  Z_LIST_14(F, S, __VA_ARGS__) Z_UNWRAP S F(14, __VA_ARGS__)
#define Z_LIST_16(F, S, ...)  Z_LIST_15(F, S, __VA_ARGS__) Z_UNWRAP S F(15, __VA_ARGS__)
#define Z_LIST_17(F, S, ...)  Z_LIST_16(F, S, __VA_ARGS__) Z_UNWRAP S F(16, __VA_ARGS__)
#define Z_LIST_18(F, S, ...)  Z_LIST_17(F, S, __VA_ARGS__) Z_UNWRAP S F(17, __VA_ARGS__)
#define Z_LIST_19(F, S, ...)  Z_LIST_18(F, S, __VA_ARGS__) Z_UNWRAP S F(18, __VA_ARGS__)
#define Z_LIST_20(F, S, ...)  Z_LIST_19(F, S, __VA_ARGS__) Z_UNWRAP S F(19, __VA_ARGS__)
#define Z_LIST_21(F, S, ...)  Z_LIST_20(F, S, __VA_ARGS__) Z_UNWRAP S F(20, __VA_ARGS__)
#define Z_LIST_22(F, S, ...)  Z_LIST_21(F, S, __VA_ARGS__) Z_UNWRAP S F(21, __VA_ARGS__)
#define Z_LIST_23(F, S, ...)  Z_LIST_22(F, S, __VA_ARGS__) Z_UNWRAP S F(22, __VA_ARGS__)
#define Z_LIST_24(F, S, ...)  Z_LIST_23(F, S, __VA_ARGS__) Z_UNWRAP S F(23, __VA_ARGS__)
#define Z_LIST_25(F, S, ...)  Z_LIST_24(F, S, __VA_ARGS__) Z_UNWRAP S F(24, __VA_ARGS__)
#define Z_LIST_26(F, S, ...)  Z_LIST_25(F, S, __VA_ARGS__) Z_UNWRAP S F(25, __VA_ARGS__)
#define Z_LIST_27(F, S, ...)  Z_LIST_26(F, S, __VA_ARGS__) Z_UNWRAP S F(26, __VA_ARGS__)
#define Z_LIST_28(F, S, ...)  Z_LIST_27(F, S, __VA_ARGS__) Z_UNWRAP S F(27, __VA_ARGS__)
#define Z_LIST_29(F, S, ...)  Z_LIST_28(F, S, __VA_ARGS__) Z_UNWRAP S F(28, __VA_ARGS__)
#define Z_LIST_30(F, S, ...)  Z_LIST_29(F, S, __VA_ARGS__) Z_UNWRAP S F(29, __VA_ARGS__)
#define Z_LIST_31(F, S, ...)  Z_LIST_30(F, S, __VA_ARGS__) Z_UNWRAP S F(30, __VA_ARGS__)
#define Z_LIST_32(F, S, ...)  Z_LIST_31(F, S, __VA_ARGS__) Z_UNWRAP S F(31, __VA_ARGS__)
#define Z_LIST_33(F, S, ...)  Z_LIST_32(F, S, __VA_ARGS__) Z_UNWRAP S F(32, __VA_ARGS__)
#define Z_LIST_34(F, S, ...)  Z_LIST_33(F, S, __VA_ARGS__) Z_UNWRAP S F(33, __VA_ARGS__)
#define Z_LIST_35(F, S, ...)  Z_LIST_34(F, S, __VA_ARGS__) Z_UNWRAP S F(34, __VA_ARGS__)
#define Z_LIST_36(F, S, ...)  Z_LIST_35(F, S, __VA_ARGS__) Z_UNWRAP S F(35, __VA_ARGS__)
#define Z_LIST_37(F, S, ...)  Z_LIST_36(F, S, __VA_ARGS__) Z_UNWRAP S F(36, __VA_ARGS__)
#define Z_LIST_38(F, S, ...)  Z_LIST_37(F, S, __VA_ARGS__) Z_UNWRAP S F(37, __VA_ARGS__)
#define Z_LIST_39(F, S, ...)  Z_LIST_38(F, S, __VA_ARGS__) Z_UNWRAP S F(38, __VA_ARGS__)
#define Z_LIST_40(F, S, ...)  Z_LIST_39(F, S, __VA_ARGS__) Z_UNWRAP S F(39, __VA_ARGS__)
#define Z_LIST_41(F, S, ...)  Z_LIST_40(F, S, __VA_ARGS__) Z_UNWRAP S F(40, __VA_ARGS__)
#define Z_LIST_42(F, S, ...)  Z_LIST_41(F, S, __VA_ARGS__) Z_UNWRAP S F(41, __VA_ARGS__)
#define Z_LIST_43(F, S, ...)  Z_LIST_42(F, S, __VA_ARGS__) Z_UNWRAP S F(42, __VA_ARGS__)
#define Z_LIST_44(F, S, ...)  Z_LIST_43(F, S, __VA_ARGS__) Z_UNWRAP S F(43, __VA_ARGS__)
#define Z_LIST_45(F, S, ...)  Z_LIST_44(F, S, __VA_ARGS__) Z_UNWRAP S F(44, __VA_ARGS__)
#define Z_LIST_46(F, S, ...)  Z_LIST_45(F, S, __VA_ARGS__) Z_UNWRAP S F(45, __VA_ARGS__)
#define Z_LIST_47(F, S, ...)  Z_LIST_46(F, S, __VA_ARGS__) Z_UNWRAP S F(46, __VA_ARGS__)
#define Z_LIST_48(F, S, ...)  Z_LIST_47(F, S, __VA_ARGS__) Z_UNWRAP S F(47, __VA_ARGS__)
#define Z_LIST_49(F, S, ...)  Z_LIST_48(F, S, __VA_ARGS__) Z_UNWRAP S F(48, __VA_ARGS__)
#define Z_LIST_50(F, S, ...)  Z_LIST_49(F, S, __VA_ARGS__) Z_UNWRAP S F(49, __VA_ARGS__)
#define Z_LIST_51(F, S, ...)  Z_LIST_50(F, S, __VA_ARGS__) Z_UNWRAP S F(50, __VA_ARGS__)
#define Z_LIST_52(F, S, ...)  Z_LIST_51(F, S, __VA_ARGS__) Z_UNWRAP S F(51, __VA_ARGS__)
#define Z_LIST_53(F, S, ...)  Z_LIST_52(F, S, __VA_ARGS__) Z_UNWRAP S F(52, __VA_ARGS__)
#define Z_LIST_54(F, S, ...)  Z_LIST_53(F, S, __VA_ARGS__) Z_UNWRAP S F(53, __VA_ARGS__)
#define Z_LIST_55(F, S, ...)  Z_LIST_54(F, S, __VA_ARGS__) Z_UNWRAP S F(54, __VA_ARGS__)
#define Z_LIST_56(F, S, ...)  Z_LIST_55(F, S, __VA_ARGS__) Z_UNWRAP S F(55, __VA_ARGS__)
#define Z_LIST_57(F, S, ...)  Z_LIST_56(F, S, __VA_ARGS__) Z_UNWRAP S F(56, __VA_ARGS__)
#define Z_LIST_58(F, S, ...)  Z_LIST_57(F, S, __VA_ARGS__) Z_UNWRAP S F(57, __VA_ARGS__)
#define Z_LIST_59(F, S, ...)  Z_LIST_58(F, S, __VA_ARGS__) Z_UNWRAP S F(58, __VA_ARGS__)
#define Z_LIST_60(F, S, ...)  Z_LIST_59(F, S, __VA_ARGS__) Z_UNWRAP S F(59, __VA_ARGS__)
#define Z_LIST_61(F, S, ...)  Z_LIST_60(F, S, __VA_ARGS__) Z_UNWRAP S F(60, __VA_ARGS__)
#define Z_LIST_62(F, S, ...)  Z_LIST_61(F, S, __VA_ARGS__) Z_UNWRAP S F(61, __VA_ARGS__)
#define Z_LIST_63(F, S, ...)  Z_LIST_62(F, S, __VA_ARGS__) Z_UNWRAP S F(62, __VA_ARGS__)
#define Z_LIST_64(F, S, ...)  Z_LIST_63(F, S, __VA_ARGS__) Z_UNWRAP S F(63, __VA_ARGS__)
#define Z_LIST_65(F, S, ...)  Z_LIST_64(F, S, __VA_ARGS__) Z_UNWRAP S F(64, __VA_ARGS__)
#define Z_LIST_66(F, S, ...)  Z_LIST_65(F, S, __VA_ARGS__) Z_UNWRAP S F(65, __VA_ARGS__)
#define Z_LIST_67(F, S, ...)  Z_LIST_66(F, S, __VA_ARGS__) Z_UNWRAP S F(66, __VA_ARGS__)
#define Z_LIST_68(F, S, ...)  Z_LIST_67(F, S, __VA_ARGS__) Z_UNWRAP S F(67, __VA_ARGS__)
#define Z_LIST_69(F, S, ...)  Z_LIST_68(F, S, __VA_ARGS__) Z_UNWRAP S F(68, __VA_ARGS__)
#define Z_LIST_70(F, S, ...)  Z_LIST_69(F, S, __VA_ARGS__) Z_UNWRAP S F(69, __VA_ARGS__)
#define Z_LIST_71(F, S, ...)  Z_LIST_70(F, S, __VA_ARGS__) Z_UNWRAP S F(70, __VA_ARGS__)
#define Z_LIST_72(F, S, ...)  Z_LIST_71(F, S, __VA_ARGS__) Z_UNWRAP S F(71, __VA_ARGS__)
#define Z_LIST_73(F, S, ...)  Z_LIST_72(F, S, __VA_ARGS__) Z_UNWRAP S F(72, __VA_ARGS__)
#define Z_LIST_74(F, S, ...)  Z_LIST_73(F, S, __VA_ARGS__) Z_UNWRAP S F(73, __VA_ARGS__)
#define Z_LIST_75(F, S, ...)  Z_LIST_74(F, S, __VA_ARGS__) Z_UNWRAP S F(74, __VA_ARGS__)
#define Z_LIST_76(F, S, ...)  Z_LIST_75(F, S, __VA_ARGS__) Z_UNWRAP S F(75, __VA_ARGS__)
#define Z_LIST_77(F, S, ...)  Z_LIST_76(F, S, __VA_ARGS__) Z_UNWRAP S F(76, __VA_ARGS__)
#define Z_LIST_78(F, S, ...)  Z_LIST_77(F, S, __VA_ARGS__) Z_UNWRAP S F(77, __VA_ARGS__)
#define Z_LIST_79(F, S, ...)  Z_LIST_78(F, S, __VA_ARGS__) Z_UNWRAP S F(78, __VA_ARGS__)
#define Z_LIST_80(F, S, ...)  Z_LIST_79(F, S, __VA_ARGS__) Z_UNWRAP S F(79, __VA_ARGS__)
#define Z_LIST_81(F, S, ...)  Z_LIST_80(F, S, __VA_ARGS__) Z_UNWRAP S F(80, __VA_ARGS__)
#define Z_LIST_82(F, S, ...)  Z_LIST_81(F, S, __VA_ARGS__) Z_UNWRAP S F(81, __VA_ARGS__)
#define Z_LIST_83(F, S, ...)  Z_LIST_82(F, S, __VA_ARGS__) Z_UNWRAP S F(82, __VA_ARGS__)
#define Z_LIST_84(F, S, ...)  Z_LIST_83(F, S, __VA_ARGS__) Z_UNWRAP S F(83, __VA_ARGS__)
#define Z_LIST_85(F, S, ...)  Z_LIST_84(F, S, __VA_ARGS__) Z_UNWRAP S F(84, __VA_ARGS__)
#define Z_LIST_86(F, S, ...)  Z_LIST_85(F, S, __VA_ARGS__) Z_UNWRAP S F(85, __VA_ARGS__)
#define Z_LIST_87(F, S, ...)  Z_LIST_86(F, S, __VA_ARGS__) Z_UNWRAP S F(86, __VA_ARGS__)
#define Z_LIST_88(F, S, ...)  Z_LIST_87(F, S, __VA_ARGS__) Z_UNWRAP S F(87, __VA_ARGS__)
#define Z_LIST_89(F, S, ...)  Z_LIST_88(F, S, __VA_ARGS__) Z_UNWRAP S F(88, __VA_ARGS__)
#define Z_LIST_90(F, S, ...)  Z_LIST_89(F, S, __VA_ARGS__) Z_UNWRAP S F(89, __VA_ARGS__)
#define Z_LIST_91(F, S, ...)  Z_LIST_90(F, S, __VA_ARGS__) Z_UNWRAP S F(90, __VA_ARGS__)
#define Z_LIST_92(F, S, ...)  Z_LIST_91(F, S, __VA_ARGS__) Z_UNWRAP S F(91, __VA_ARGS__)
#define Z_LIST_93(F, S, ...)  Z_LIST_92(F, S, __VA_ARGS__) Z_UNWRAP S F(92, __VA_ARGS__)
#define Z_LIST_94(F, S, ...)  Z_LIST_93(F, S, __VA_ARGS__) Z_UNWRAP S F(93, __VA_ARGS__)
#define Z_LIST_95(F, S, ...)  Z_LIST_94(F, S, __VA_ARGS__) Z_UNWRAP S F(94, __VA_ARGS__)
#define Z_LIST_96(F, S, ...)  Z_LIST_95(F, S, __VA_ARGS__) Z_UNWRAP S F(95, __VA_ARGS__)
#define Z_LIST_97(F, S, ...)  Z_LIST_96(F, S, __VA_ARGS__) Z_UNWRAP S F(96, __VA_ARGS__)
#define Z_LIST_98(F, S, ...)  Z_LIST_97(F, S, __VA_ARGS__) Z_UNWRAP S F(97, __VA_ARGS__)
#define Z_LIST_99(F, S, ...)  Z_LIST_98(F, S, __VA_ARGS__) Z_UNWRAP S F(98, __VA_ARGS__)
#define Z_LIST_100(F, S, ...) Z_LIST_99(F, S, __VA_ARGS__) Z_UNWRAP S F(99, __VA_ARGS__)
#define Z_LIST_101(F, S, ...) Z_LIST_100(F, S, __VA_ARGS__) Z_UNWRAP S F(100, __VA_ARGS__)
#define Z_LIST_102(F, S, ...) Z_LIST_101(F, S, __VA_ARGS__) Z_UNWRAP S F(101, __VA_ARGS__)
#define Z_LIST_103(F, S, ...) Z_LIST_102(F, S, __VA_ARGS__) Z_UNWRAP S F(102, __VA_ARGS__)
#define Z_LIST_104(F, S, ...) Z_LIST_103(F, S, __VA_ARGS__) Z_UNWRAP S F(103, __VA_ARGS__)
#define Z_LIST_105(F, S, ...) Z_LIST_104(F, S, __VA_ARGS__) Z_UNWRAP S F(104, __VA_ARGS__)
#define Z_LIST_106(F, S, ...) Z_LIST_105(F, S, __VA_ARGS__) Z_UNWRAP S F(105, __VA_ARGS__)
#define Z_LIST_107(F, S, ...) Z_LIST_106(F, S, __VA_ARGS__) Z_UNWRAP S F(106, __VA_ARGS__)
#define Z_LIST_108(F, S, ...) Z_LIST_107(F, S, __VA_ARGS__) Z_UNWRAP S F(107, __VA_ARGS__)
#define Z_LIST_109(F, S, ...) Z_LIST_108(F, S, __VA_ARGS__) Z_UNWRAP S F(108, __VA_ARGS__)
#define Z_LIST_110(F, S, ...) Z_LIST_109(F, S, __VA_ARGS__) Z_UNWRAP S F(109, __VA_ARGS__)
#define Z_LIST_111(F, S, ...) Z_LIST_110(F, S, __VA_ARGS__) Z_UNWRAP S F(110, __VA_ARGS__)
#define Z_LIST_112(F, S, ...) Z_LIST_111(F, S, __VA_ARGS__) Z_UNWRAP S F(111, __VA_ARGS__)
#define Z_LIST_113(F, S, ...) Z_LIST_112(F, S, __VA_ARGS__) Z_UNWRAP S F(112, __VA_ARGS__)
#define Z_LIST_114(F, S, ...) Z_LIST_113(F, S, __VA_ARGS__) Z_UNWRAP S F(113, __VA_ARGS__)
#define Z_LIST_115(F, S, ...) Z_LIST_114(F, S, __VA_ARGS__) Z_UNWRAP S F(114, __VA_ARGS__)
#define Z_LIST_116(F, S, ...) Z_LIST_115(F, S, __VA_ARGS__) Z_UNWRAP S F(115, __VA_ARGS__)
#define Z_LIST_117(F, S, ...) Z_LIST_116(F, S, __VA_ARGS__) Z_UNWRAP S F(116, __VA_ARGS__)
#define Z_LIST_118(F, S, ...) Z_LIST_117(F, S, __VA_ARGS__) Z_UNWRAP S F(117, __VA_ARGS__)
#define Z_LIST_119(F, S, ...) Z_LIST_118(F, S, __VA_ARGS__) Z_UNWRAP S F(118, __VA_ARGS__)
#define Z_LIST_120(F, S, ...) Z_LIST_119(F, S, __VA_ARGS__) Z_UNWRAP S F(119, __VA_ARGS__)
#define Z_LIST_121(F, S, ...) Z_LIST_120(F, S, __VA_ARGS__) Z_UNWRAP S F(120, __VA_ARGS__)
#define Z_LIST_122(F, S, ...) Z_LIST_121(F, S, __VA_ARGS__) Z_UNWRAP S F(121, __VA_ARGS__)
#define Z_LIST_123(F, S, ...) Z_LIST_122(F, S, __VA_ARGS__) Z_UNWRAP S F(122, __VA_ARGS__)
#define Z_LIST_124(F, S, ...) Z_LIST_123(F, S, __VA_ARGS__) Z_UNWRAP S F(123, __VA_ARGS__)
#define Z_LIST_125(F, S, ...) Z_LIST_124(F, S, __VA_ARGS__) Z_UNWRAP S F(124, __VA_ARGS__)
#define Z_LIST_126(F, S, ...) Z_LIST_125(F, S, __VA_ARGS__) Z_UNWRAP S F(125, __VA_ARGS__)
#define Z_LIST_127(F, S, ...) Z_LIST_126(F, S, __VA_ARGS__) Z_UNWRAP S F(126, __VA_ARGS__)
#define Z_LIST_128(F, S, ...) Z_LIST_127(F, S, __VA_ARGS__) Z_UNWRAP S F(127, __VA_ARGS__)

/* Z_EACH_0(C, F, (sep), D, x0, x1, ...): C(F, 0, x0, D) sep C(F, 1, x1, D) ...; up to 64. */
#define Z_EACH_0(C, F, S, D, X, ...)                                                               \
	C(F, 0, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_1(C, F, S, D, __VA_ARGS__))
#define Z_EACH_1(C, F, S, D, X, ...)                                                               \
	C(F, 1, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_2(C, F, S, D, __VA_ARGS__))
#define Z_EACH_2(C, F, S, D, X, ...)                                                               \
	C(F, 2, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_3(C, F, S, D, __VA_ARGS__))
#define Z_EACH_3(C, F, S, D, X, ...)                                                               \
	C(F, 3, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_4(C, F, S, D, __VA_ARGS__))
#define Z_EACH_4(C, F, S, D, X, ...)                                                               \
	C(F, 4, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_5(C, F, S, D, __VA_ARGS__))
#define Z_EACH_5(C, F, S, D, X, ...)                                                               \
	C(F, 5, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_6(C, F, S, D, __VA_ARGS__))
#define Z_EACH_6(C, F, S, D, X, ...)                                                               \
	C(F, 6, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_7(C, F, S, D, __VA_ARGS__))
#define Z_EACH_7(C, F, S, D, X, ...)                                                               \
	C(F, 7, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_8(C, F, S, D, __VA_ARGS__))
#define Z_EACH_8(C, F, S, D, X, ...)                                                               \
	C(F, 8, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_9(C, F, S, D, __VA_ARGS__))
#define Z_EACH_9(C, F, S, D, X, ...)                                                               \
	C(F, 9, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_10(C, F, S, D, __VA_ARGS__))
#define Z_EACH_10(C, F, S, D, X, ...)                                                              \
	C(F, 10, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_11(C, F, S, D, __VA_ARGS__))
#define Z_EACH_11(C, F, S, D, X, ...)                                                              \
	C(F, 11, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_12(C, F, S, D, __VA_ARGS__))
#define Z_EACH_12(C, F, S, D, X, ...)                                                              \
	C(F, 12, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_13(C, F, S, D, __VA_ARGS__))
#define Z_EACH_13(C, F, S, D, X, ...)                                                              \
	C(F, 13, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_14(C, F, S, D, __VA_ARGS__))
#define Z_EACH_14(C, F, S, D, X, ...)                                                              \
	C(F, 14, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_15(C, F, S, D, __VA_ARGS__))
#define Z_EACH_15(C, F, S, D, X, ...)                                                              \
	C(F, 15, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_16(C, F, S, D, __VA_ARGS__))
#define Z_EACH_16(C, F, S, D, X, ...)                                                              \
	C(F, 16, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_17(C, F, S, D, __VA_ARGS__))
#define Z_EACH_17(C, F, S, D, X, ...)                                                              \
	C(F, 17, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_18(C, F, S, D, __VA_ARGS__))
#define Z_EACH_18(C, F, S, D, X, ...)                                                              \
	C(F, 18, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_19(C, F, S, D, __VA_ARGS__))
#define Z_EACH_19(C, F, S, D, X, ...)                                                              \
	C(F, 19, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_20(C, F, S, D, __VA_ARGS__))
#define Z_EACH_20(C, F, S, D, X, ...)                                                              \
	C(F, 20, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_21(C, F, S, D, __VA_ARGS__))
#define Z_EACH_21(C, F, S, D, X, ...)                                                              \
	C(F, 21, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_22(C, F, S, D, __VA_ARGS__))
#define Z_EACH_22(C, F, S, D, X, ...)                                                              \
	C(F, 22, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_23(C, F, S, D, __VA_ARGS__))
#define Z_EACH_23(C, F, S, D, X, ...)                                                              \
	C(F, 23, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_24(C, F, S, D, __VA_ARGS__))
#define Z_EACH_24(C, F, S, D, X, ...)                                                              \
	C(F, 24, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_25(C, F, S, D, __VA_ARGS__))
#define Z_EACH_25(C, F, S, D, X, ...)                                                              \
	C(F, 25, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_26(C, F, S, D, __VA_ARGS__))
#define Z_EACH_26(C, F, S, D, X, ...)                                                              \
	C(F, 26, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_27(C, F, S, D, __VA_ARGS__))
#define Z_EACH_27(C, F, S, D, X, ...)                                                              \
	C(F, 27, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_28(C, F, S, D, __VA_ARGS__))
#define Z_EACH_28(C, F, S, D, X, ...)                                                              \
	C(F, 28, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_29(C, F, S, D, __VA_ARGS__))
#define Z_EACH_29(C, F, S, D, X, ...)                                                              \
	C(F, 29, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_30(C, F, S, D, __VA_ARGS__))
#define Z_EACH_30(C, F, S, D, X, ...)                                                              \
	C(F, 30, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_31(C, F, S, D, __VA_ARGS__))
#define Z_EACH_31(C, F, S, D, X, ...)                                                              \
	C(F, 31, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_32(C, F, S, D, __VA_ARGS__))
#define Z_EACH_32(C, F, S, D, X, ...)                                                              \
	C(F, 32, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_33(C, F, S, D, __VA_ARGS__))
#define Z_EACH_33(C, F, S, D, X, ...)                                                              \
	C(F, 33, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_34(C, F, S, D, __VA_ARGS__))
#define Z_EACH_34(C, F, S, D, X, ...)                                                              \
	C(F, 34, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_35(C, F, S, D, __VA_ARGS__))
#define Z_EACH_35(C, F, S, D, X, ...)                                                              \
	C(F, 35, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_36(C, F, S, D, __VA_ARGS__))
#define Z_EACH_36(C, F, S, D, X, ...)                                                              \
	C(F, 36, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_37(C, F, S, D, __VA_ARGS__))
#define Z_EACH_37(C, F, S, D, X, ...)                                                              \
	C(F, 37, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_38(C, F, S, D, __VA_ARGS__))
#define Z_EACH_38(C, F, S, D, X, ...)                                                              \
	C(F, 38, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_39(C, F, S, D, __VA_ARGS__))
#define Z_EACH_39(C, F, S, D, X, ...)                                                              \
	C(F, 39, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_40(C, F, S, D, __VA_ARGS__))
#define Z_EACH_40(C, F, S, D, X, ...)                                                              \
	C(F, 40, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_41(C, F, S, D, __VA_ARGS__))
#define Z_EACH_41(C, F, S, D, X, ...)                                                              \
	C(F, 41, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_42(C, F, S, D, __VA_ARGS__))
#define Z_EACH_42(C, F, S, D, X, ...)                                                              \
	C(F, 42, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_43(C, F, S, D, __VA_ARGS__))
#define Z_EACH_43(C, F, S, D, X, ...)                                                              \
	C(F, 43, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_44(C, F, S, D, __VA_ARGS__))
#define Z_EACH_44(C, F, S, D, X, ...)                                                              \
	C(F, 44, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_45(C, F, S, D, __VA_ARGS__))
#define Z_EACH_45(C, F, S, D, X, ...)                                                              \
	C(F, 45, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_46(C, F, S, D, __VA_ARGS__))
#define Z_EACH_46(C, F, S, D, X, ...)                                                              \
	C(F, 46, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_47(C, F, S, D, __VA_ARGS__))
#define Z_EACH_47(C, F, S, D, X, ...)                                                              \
	C(F, 47, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_48(C, F, S, D, __VA_ARGS__))
#define Z_EACH_48(C, F, S, D, X, ...)                                                              \
	C(F, 48, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_49(C, F, S, D, __VA_ARGS__))
#define Z_EACH_49(C, F, S, D, X, ...)                                                              \
	C(F, 49, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_50(C, F, S, D, __VA_ARGS__))
#define Z_EACH_50(C, F, S, D, X, ...)                                                              \
	C(F, 50, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_51(C, F, S, D, __VA_ARGS__))
#define Z_EACH_51(C, F, S, D, X, ...)                                                              \
	C(F, 51, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_52(C, F, S, D, __VA_ARGS__))
#define Z_EACH_52(C, F, S, D, X, ...)                                                              \
	C(F, 52, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_53(C, F, S, D, __VA_ARGS__))
#define Z_EACH_53(C, F, S, D, X, ...)                                                              \
	C(F, 53, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_54(C, F, S, D, __VA_ARGS__))
#define Z_EACH_54(C, F, S, D, X, ...)                                                              \
	C(F, 54, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_55(C, F, S, D, __VA_ARGS__))
#define Z_EACH_55(C, F, S, D, X, ...)                                                              \
	C(F, 55, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_56(C, F, S, D, __VA_ARGS__))
#define Z_EACH_56(C, F, S, D, X, ...)                                                              \
	C(F, 56, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_57(C, F, S, D, __VA_ARGS__))
#define Z_EACH_57(C, F, S, D, X, ...)                                                              \
	C(F, 57, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_58(C, F, S, D, __VA_ARGS__))
#define Z_EACH_58(C, F, S, D, X, ...)                                                              \
	C(F, 58, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_59(C, F, S, D, __VA_ARGS__))
#define Z_EACH_59(C, F, S, D, X, ...)                                                              \
	C(F, 59, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_60(C, F, S, D, __VA_ARGS__))
#define Z_EACH_60(C, F, S, D, X, ...)                                                              \
	C(F, 60, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_61(C, F, S, D, __VA_ARGS__))
#define Z_EACH_61(C, F, S, D, X, ...)                                                              \
	C(F, 61, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_62(C, F, S, D, __VA_ARGS__))
#define Z_EACH_62(C, F, S, D, X, ...)                                                              \
	C(F, 62, X, D) __VA_OPT__(Z_UNWRAP S Z_EACH_63(C, F, S, D, __VA_ARGS__))
#define Z_EACH_63(C, F, S, D, X) C(F, 63, X, D)

/* Argument counting: the numbers arrive shifted right by as many places as there are arguments. */
#define Z_COUNT(...) Z_COUNT_PICK(__VA_ARGS__)
#define Z_COUNT_PICK(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17,   \
		     a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32,    \
		     a33, a34, a35, a36, a37, a38, a39, a40, a41, a42, a43, a44, a45, a46, a47,    \
		     a48, a49, a50, a51, a52, a53, a54, a55, a56, a57, a58, a59, a60, a61, a62,    \
		     a63, a64, n, ...)                                                             \
	n
#define Z_COUNT_DOWN                                                                               \
	64, 63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43,    \
		42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23,    \
		22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0
#define Z_COUNT_DOWN_LESS_1                                                                        \
	63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42,    \
		41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22,    \
		21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0

#endif /* ZEPHYR_SYS_UTIL_LOOPS_H_ */
