# SPDX-License-Identifier: Apache-2.0
"""Faults for mutants.py: what each replaces in which file, and the configurations that compile it."""

from mutation import Fault

EVERYWHERE = ("default", "bridge_reference")
REFERENCE = ("bridge_reference",)
COPY = ("default",)
RTIO = ("rtio",)

# The test programs: of each configuration, and one about RTIO.
COMMON = ["iob/from_iob.c", "iob/to_iob.c", "mpsc/mpsc.c", "currency/currency.c", "threads/threads.c",
          "support/fixture.c"]
PROGRAMS = {
    "default": COMMON + ["iob/by_copy.c"],
    "bridge_reference": COMMON + ["iob/by_reference.c"],
    "rtio": ["rtio/pool.c", "rtio/source.c", "rtio/sink.c", "rtio/threads.c", "rtio/fixture.c"],
}

IOB = "bridge/src/net_buf_iob.c"
MPSC = "bridge/src/net_buf_mpsc.c"
EXTERNAL = "net_buf/src/external.c"
POOL = "bridge/src/net_buf_rtio.c"
SOURCE = "bridge/src/packet_rtio_source.c"
SINK = "bridge/src/packet_rtio_sink.c"


def fault(name, file, old, new, where=EVERYWHERE):
    return Fault(name, file, old, new, where)


FAULTS = [
    # I/O buffers as net_bufs.
    fault("an I/O buffer is not freed", IOB, "\t(void)iob_free(arg);\n", "\t(void)arg;\n"),
    fault("an I/O buffer is freed twice", IOB, "\t(void)iob_free(arg);\n",
          "\t(void)iob_free(arg);\n\t(void)iob_free(arg);\n", REFERENCE),
    fault("an I/O buffer remembers what was behind it", IOB, "\tiob->io_flink = NULL;\n\tiob->io_pktlen", "\tiob->io_pktlen"),
    fault("the headroom is content", IOB, "\tbuf->data = IOB_DATA(iob);\n", "\tbuf->data = iob->io_data;\n"),
    fault("the content is all of the memory", IOB, "\tbuf->len = iob->io_len;\n", ""),
    fault("only the data are the memory", IOB, "iob->io_data, IOB_BUFSIZE(iob), free_iob",
          "iob->io_data, (size_t)iob->io_offset + iob->io_len, free_iob"),
    fault("net_bufs are kept on failure", IOB, "\t\t\tnet_buf_drop(&head);\n", ""),
    fault("half a chain is better than none", IOB, "\t\t\tnet_buf_drop(&head);\n\t\t\treturn NULL;\n",
          "\t\t\treturn head;\n"),
    fault("each net_buf has the whole timeout", IOB, "net_buf_alloc_len(pool, 0, sys_timepoint_timeout(end))",
          "net_buf_alloc_len(pool, 0, timeout)"),
    fault("a chain longer than the pool is waited for", IOB, "n <= pool->buf_count ? take_chain", "n > 0 ? take_chain"),
    fault("a chain that bites its tail is followed", IOB, "iob != NULL && n <= most;", "iob != NULL;"),
    fault("what is free is wrapped", IOB, "(uintptr_t)iob % __alignof__(struct iob_s) != 0 ||", "false ||",
          COPY),  # else what the odd pointer shows is no buffer either, by chance
    fault("data beyond the memory are wrapped", IOB, "iob->io_offset + iob->io_len > IOB_BUFSIZE(iob)",
          "iob->io_offset > IOB_BUFSIZE(iob)"),
    fault("any pool will do", IOB, "pool == NULL || pool->alloc->cb != &net_buf_external_cb", "pool == NULL"),
    fault("empty I/O buffers are left out of the count", IOB, "\t\tn++;\n\t}\n\treturn n;\n}\n\n/* Get a chain",
          "\t\tn += iob->io_len != 0 || n == 0;\n\t}\n\treturn n;\n}\n\n/* Get a chain"),
    # net_bufs as I/O buffers.
    fault("what has no reference is converted", IOB, "(atomic32_load_relaxed(&buf->ref_word) & Z_NET_BUF_REF_MASK) == 0", "false", COPY),
    fault("the fragment is not released", IOB, "\tnet_buf_unref(frag);\n", "\t(void)frag;\n", REFERENCE),
    fault("the header is not given back", IOB, "\tk_mem_slab_free(header->home, header);\n", "", REFERENCE),
    fault("the caller keeps its reference", IOB, "\tif (head != NULL) {\n\t\tnet_buf_unref(buf);\n\t}\n", "", REFERENCE),
    fault("the caller's reference is gone on failure", IOB, "\tif (head != NULL) {\n\t\tnet_buf_unref(buf);\n\t}\n",
          "\tnet_buf_unref(buf);\n", REFERENCE),
    fault("headers are kept on failure", IOB, "\tiob_free_chain(head);\n\treturn NULL;\n", "\treturn NULL;\n",
          REFERENCE),
    fault("half a chain of headers is better than none", IOB, "\tiob_free_chain(head);\n\treturn NULL;\n", "\treturn head;\n",
          REFERENCE),
    fault("a header without a reference is kept", IOB, "\t\t\tk_mem_slab_free(headers, header);\n", "", REFERENCE),
    fault("each header has the whole timeout", IOB, "&header, sys_timepoint_timeout(end)", "&header, timeout", REFERENCE),
    fault("the length is that of the first", IOB, "(unsigned int)net_buf_frags_len(buf);\n\t\t\treturn head", "buf->len;\n\t\t\treturn head",
          REFERENCE),
    fault("the headroom is lost", IOB, "(uint16_t)net_buf_headroom(frag) : 0", "0 : 0", REFERENCE),
    fault("another slab will do", IOB, "headers->info.block_size != sizeof(struct iob_net_buf)", "false", REFERENCE),
    fault("more than there are headers is waited for", IOB, "count_frags(buf) > headers->info.num_blocks", "false", REFERENCE),
    fault("no memory, no I/O buffer", IOB, "frag->__buf != NULL ? (void *)frag->__buf : header", "frag->__buf", REFERENCE),
    fault("the packet stays when it is copied", IOB, "\tnet_buf_unref(buf);\n\treturn head;\n", "\treturn head;\n", COPY),
    fault("I/O buffers are kept on failure", IOB, "\t\t\tiob_free_chain(head);\n", "", COPY),
    fault("a buffer more when the last one is full", IOB, "DIV_ROUND_UP(bytes, CONFIG_IOB_BUFSIZE)",
          "bytes / CONFIG_IOB_BUFSIZE + 1", COPY),
    fault("no buffer for no bytes", IOB, "MAX(DIV_ROUND_UP(bytes, CONFIG_IOB_BUFSIZE), (size_t)1)",
          "DIV_ROUND_UP(bytes, CONFIG_IOB_BUFSIZE)", COPY),
    fault("the reserve is taken", IOB, "iob_timedalloc(throttled,", "iob_timedalloc(false,", COPY),
    fault("more than the pool is waited for", IOB, "(throttled ? CONFIG_IOB_THROTTLE : 0)", "0", COPY),
    fault("each buffer has the whole timeout", IOB, "ms_until(end));", "ms_until(sys_timepoint_calc(timeout)));", COPY),
    fault("an offset is lost between fragments", IOB, "\t\t\toffset -= frag->len;\n", "\t\t\toffset = 0;\n", COPY),
    # Packets of a ring.
    fault("a packet is not freed", MPSC, "\tmpsc_pbuf_free(arg, data);\n", "\t(void)arg;\n\t(void)data;\n"),
    fault("a packet is freed twice", MPSC, "\tmpsc_pbuf_free(arg, data);\n",
          "\tmpsc_pbuf_free(arg, data);\n\tmpsc_pbuf_free(arg, data);\n", REFERENCE),
    fault("data begin behind the header", MPSC, "(void *)(uintptr_t)packet, wlen", "(void *)((uintptr_t)packet + 4), wlen"),
    fault("the size is in words", MPSC, "wlen * sizeof(uint32_t),", "wlen,"),
    fault("the packet is freed on failure", MPSC,
          "\treturn net_buf_alloc_with_release(pool, (void *)(uintptr_t)packet, wlen * sizeof(uint32_t),\n"
          "\t\t\t\t\t  free_packet, ring, timeout);\n",
          "\tstruct net_buf *buf = net_buf_alloc_with_release(pool, (void *)(uintptr_t)packet,\n"
          "\t\twlen * sizeof(uint32_t), free_packet, ring, timeout);\n"
          "\tif (buf == NULL) {\n\t\tmpsc_pbuf_free(ring, packet);\n\t}\n\treturn buf;\n"),
    fault("a large packet is cut", MPSC, "wlen > UINT16_MAX / sizeof(uint32_t)", "false",
          REFERENCE),  # without asserts net_buf itself refuses it
    fault("what is not claimed is wrapped", MPSC, "packet->hdr.valid == 1 && packet->hdr.busy == 1", "packet->hdr.valid == 1"),
    fault("what is free is wrapped as a packet", MPSC, "packet->hdr.valid == 1 && packet->hdr.busy == 1", "packet->hdr.busy == 1"),
    fault("what is elsewhere is wrapped", MPSC, "offset / sizeof(uint32_t) < ring->size && ", ""),
    fault("what is between two words is wrapped", MPSC, "offset % sizeof(uint32_t) == 0 &&", "true &&"),
    # What both stand on.
    fault("each buffer around the storage gives it back", EXTERNAL,
          "atomic32_load_acquire(&external->refs) == 1 ||\n\t    atomic32_sub_acq_rel(&external->refs, 1) == 1", "true"),
    fault("a clone does not count", EXTERNAL,
          "(void)atomic32_add_relaxed(&(*external_of(pool_of(buf), buf))->refs, 1);", "(void)buf;"),
    fault("storage is given back before its buffer is home", EXTERNAL, "\tpool_put(pool, buf);\n\tif (gone.release != NULL) {\n"
          "\t\tgone.release(gone.data, gone.size, gone.arg);\n\t}\n",
          "\tif (gone.release != NULL) {\n\t\tgone.release(gone.data, gone.size, gone.arg);\n\t}\n\tpool_put(pool, buf);\n", REFERENCE),
    # Reads as net_bufs.
    fault("a block stays away", POOL, "\t\trtio_mempool_free(&own->blocks, memory, size);\n", "\t\t(void)size;\n", RTIO),
    fault("each buffer gives the block back", POOL,
          "atomic32_load_acquire(shares) == 1 || atomic32_sub_acq_rel(shares, 1) == 1", "true", RTIO),
    fault("a clone does not share", POOL,
          "(void)atomic32_add_relaxed(shares_of(rtio_pool_of_buf(buf), memory), 1);", "(void)buf;", RTIO),
    fault("only the first block comes home", POOL, "uint32_t size = buf->size;", "uint32_t size = 1;", RTIO),
    fault("a block is home before its net_buf", POOL,
          "\tnet_buf_destroy(buf);\n\tif (last) {\n\t\trtio_mempool_free(&own->blocks, memory, size);\n\t}\n",
          "\tif (last) {\n\t\trtio_mempool_free(&own->blocks, memory, size);\n\t}\n\tnet_buf_destroy(buf);\n", RTIO),
    fault("the memory can be had twice", POOL, "\tcqe->flags = 0;\n", "", RTIO),
    fault("the whole block is content", POOL, "\t\tgot->len = (uint16_t)cqe->result;\n", "", RTIO),
    fault("blocks behind the last one", POOL, " || index + count > own->blocks.num_blks", "", RTIO),
    fault("more was read than there is room for", POOL, "(uint32_t)cqe->result > size ||", "false ||", RTIO),
    fault("nobody is told of memory", POOL, "\t\twaiter->home(waiter);\n", "", RTIO),
    fault("who waits is told again and again", POOL, "uint32_t n = count_waiters(own); n > 0", "uint32_t n = 5; n > 0", RTIO),
    fault("one of those who wait is told", POOL, "uint32_t n = count_waiters(own); n > 0", "uint32_t n = 1; n > 0", RTIO),
    fault("the last one who waits is told first", POOL, "\t\t\tlast->next = waiter;\n",
          "\t\t\twaiter->next = own->waiters;\n\t\t\tset_waiters(own, waiter);\n", RTIO),
    fault("who forgets is told all the same", POOL, "\t\t\tset_waiters(own, waiter->next);\n", "", RTIO),
    # Sources.
    fault("no memory is the end", SOURCE, "result == -ENOMEM && pause_reading(src)", "false", RTIO),
    fault("memory that came before the pause is not seen", SOURCE,
          "rtio_net_buf_await(src->reader->pool, &src->waiter) == 1 &&", "rtio_net_buf_await(src->reader->pool, &src->waiter) == 2 &&", RTIO),
    fault("a pause that is stopped goes on", SOURCE, "rtio_net_buf_forget(src->reader->pool, &src->waiter)) {\n\t\trtio_cqe_submit", "false) {\n\t\trtio_cqe_submit", RTIO),
    fault("a read that failed is not stopped", SOURCE, "\tif (src->stop) {\n\t\tk_spin_unlock(&src->lock, key);\n\t\treturn false;\n\t}\n", "", RTIO),
    fault("what waits for a net_buf is forgotten", SOURCE, "\t\t\treader->held = cqe;\n", "", RTIO),
    fault("what waits for a net_buf comes again", SOURCE, "\treader->held = NULL;\n", "", RTIO),
    fault("completions stay away", SOURCE, "\treader->held = NULL;\n\trtio_cqe_release(reader->r, cqe);\n", "\treader->held = NULL;\n", RTIO),
    fault("the source does not wait for queues", SOURCE, "buf, src->timeout)", "buf, K_NO_WAIT)", RTIO),
    # Sinks.
    fault("fragments are several writes", SINK, "|= RTIO_SQE_TRANSACTION | RTIO_SQE_NO_RESPONSE", "|= RTIO_SQE_CHAINED | RTIO_SQE_NO_RESPONSE", RTIO),
    fault("writes have completions", SINK, "|= RTIO_SQE_TRANSACTION | RTIO_SQE_NO_RESPONSE", "|= RTIO_SQE_TRANSACTION", RTIO),
    fault("empty fragments are written", SINK, "frag->len == 0 && (", "false && (", RTIO),
    fault("the packet goes home while it is written", SINK, "count == 0 || net_buf_ref(buf) == NULL", "count == 0", RTIO),
    fault("the packet stays away", SINK, "\tnet_buf_unref(buf);\n\tk_sem_give(&half->room);\n}", "\tk_sem_give(&half->room);\n}", RTIO),
    fault("room is not given back", SINK, "\tnet_buf_unref(buf);\n\tk_sem_give(&half->room);\n}", "\tnet_buf_unref(buf);\n}", RTIO),
    fault("no sender waits for room", SINK, "k_is_in_isr() ? K_NO_WAIT : half->timeout", "K_NO_WAIT", RTIO),
    fault("a failed write is counted as written", SINK, "res < 0 ? &half->failed", "false ? &half->failed", RTIO),
    fault("what cannot be held is held a bit", SINK, "\t\t\twhile (taken-- > 0) {\n\t\t\t\tk_sem_give(&half->room);\n\t\t\t}\n", "", RTIO),
]
